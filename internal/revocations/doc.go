// Package revocations permanently revokes the permission of shops that abuse it (rule 13): one person proposes it with evidence,
// another one decides. The shop's cases are then recounted, resuming after a crash; how is a rule of the domain.
package revocations
