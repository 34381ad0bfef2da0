// Package appeals files and decides buyers' appeals against the effect of a case (rule 14). An accepted appeal overturns the
// case, resuming after a crash; what that means for its tags is a rule of the domain.
package appeals
