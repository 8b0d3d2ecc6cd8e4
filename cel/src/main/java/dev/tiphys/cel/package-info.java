/// The Common Expression Language as Kubernetes speaks it: [dev.tiphys.cel.Environment] compiles an
/// expression against declared types, [dev.tiphys.cel.Program] prices and evaluates it.
///
/// Values are those of the object tree: String, Long, Double, Boolean, List,
/// [dev.tiphys.object.Struct], [dev.tiphys.object.Null]. Others come from formats and functions:
/// [dev.tiphys.cel.Bytes], [dev.tiphys.cel.Unsigned], `OffsetDateTime`, `Duration`.
package dev.tiphys.cel;
