package dev.tiphys.storage.volumes;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;

/// A snapshot that is whole.
///
/// @param id its handle
/// @param name by which it was asked for
/// @param volume the handle of the one it was taken of
/// @param size that a volume needs which is made of it
/// @param content what is in it
/// @param created when it was taken
public record Snapshot(
    String id, String name, String volume, long size, Content content, Instant created) {

  Struct toStruct() {
    return new StructBuilder()
        .add("id", id)
        .add("name", name)
        .add("volume", volume)
        .add("size", size)
        .add("content", content.toStruct())
        .add("created", Timestamps.micros(created))
        .build();
  }

  static Snapshot of(Struct struct) {
    return new Snapshot(
        struct.string("id"),
        struct.string("name"),
        struct.string("volume"),
        struct.integer("size"),
        Content.of(struct.struct("content")),
        Timestamps.parseMicros(struct.string("created")));
  }
}
