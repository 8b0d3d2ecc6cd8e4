/// The object tree.
///
/// An object is an immutable tree of [dev.tiphys.object.Struct], [java.util.List], [String],
/// [Long], [Double], [Boolean] and [dev.tiphys.object.Null]. That is JSON's model, with whole
/// numbers kept apart from fractions. A tree is never changed: [dev.tiphys.object.Struct#with]
/// gives a new one that shares what did not change. Fields are kept in the order of their names, so
/// equal objects are written as equal bytes.
package dev.tiphys.object;
