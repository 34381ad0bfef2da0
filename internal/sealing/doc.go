// Package sealing encrypts short strings that clients hold for the server and must neither read nor forge: cursors. A sealed
// string can be opened only for the audience that it was sealed for, reveals nothing of its content, and texts of up to a
// block have equal length.
//
// What must not live here: the meaning of the strings, and who belongs to an audience.
package sealing
