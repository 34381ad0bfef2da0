package upkeep

// PageSize is exported for the tests of this package, which are in an external package because their fixtures need this one.
const PageSize = pageSize
