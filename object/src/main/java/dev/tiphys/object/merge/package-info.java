/// Structured merge: which fields of an object are owned, what differs between two objects, and
/// what an object becomes when one of its owners says anew what it wants. Types are known as
/// [dev.tiphys.object.merge.MergeShape]s only.
///
/// See <https://kubernetes.io/docs/reference/using-api/server-side-apply/>.
package dev.tiphys.object.merge;
