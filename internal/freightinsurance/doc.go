// Package freightinsurance answers the insurer's services whether an order's freight insurance is paid out, and records
// consumers' complaints about refusals (rule 11). An answer follows from the order's tag and the latest complaint; it changes
// neither tags nor cases.
package freightinsurance
