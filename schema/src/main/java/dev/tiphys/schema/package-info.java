/// Types: what may stand in an object, and how it is read and written.
///
/// A [dev.tiphys.schema.Type] lists the fields of one struct; each [dev.tiphys.schema.Field] knows
/// its [dev.tiphys.schema.FieldType], its number in protobuf, its default, and how lists and maps
/// in it are merged. The types of the built-in kinds come from one table of facts about the
/// Kubernetes 1.36 API ([dev.tiphys.schema.TypeTable], the `.types` files beside it).
/// [dev.tiphys.schema.Normalizer] brings a tree into the form its type gives it;
/// [dev.tiphys.schema.ProtobufCodec] writes it as protobuf.
package dev.tiphys.schema;
