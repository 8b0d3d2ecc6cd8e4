package dev.tiphys.storage.volumes;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;

/// A volume that is whole.
///
/// @param id its handle
/// @param name by which it was asked for
/// @param size in bytes
/// @param content what is in it
/// @param project of its quota; 0 for an image
/// @param overcommitted whether no room is set aside for what it may grow to
/// @param source what it was copied from, as [Source#text]; empty for none
public record Volume(
    String id,
    String name,
    long size,
    Content content,
    int project,
    boolean overcommitted,
    String source) {

  Volume withSize(long bytes) {
    return new Volume(id, name, bytes, content, project, overcommitted, source);
  }

  Volume withOvercommitted(boolean now) {
    return new Volume(id, name, size, content, project, now, source);
  }

  Struct toStruct() {
    return new StructBuilder()
        .add("id", id)
        .add("name", name)
        .add("size", size)
        .add("content", content.toStruct())
        .add("project", (long) project)
        .add("overcommitted", overcommitted)
        .add("source", source)
        .build();
  }

  static Volume of(Struct struct) {
    return new Volume(
        struct.string("id"),
        struct.string("name"),
        struct.integer("size"),
        Content.of(struct.struct("content")),
        (int) struct.integer("project"),
        struct.bool("overcommitted"),
        struct.string("source"));
  }
}
