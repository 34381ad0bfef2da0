// Package restrictions files shops' restrictions of buyers and reviews them for the platform (rule 12). A shop restricts a buyer
// in that shop only; a successful tag never restricts anybody.
package restrictions
