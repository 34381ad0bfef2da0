// Package failpoint lets tests crash an engine at a chosen write: from there on the engine answers every call with the
// error of the failpoint, as if its process had died.
//
// What must not live here: which step fails, which the test decides.
package failpoint
