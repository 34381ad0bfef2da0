package graph_test

import "cloudtag/resolvers"

// resolversRecords is what a test embeds to replace one method of the service.
type resolversRecords = resolvers.Records
