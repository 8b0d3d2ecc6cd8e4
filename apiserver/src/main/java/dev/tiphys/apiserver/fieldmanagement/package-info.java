/// Which manager owns which fields of an object: recorded in `metadata.managedFields` at every
/// write, and obeyed by server-side apply.
package dev.tiphys.apiserver.fieldmanagement;
