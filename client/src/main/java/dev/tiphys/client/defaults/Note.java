package dev.tiphys.client.defaults;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Json;
import java.util.zip.CRC32C;

/// What is remembered of an object that was made.
///
/// @param content stands for what it was made from
/// @param generation which it had then; 0 for what is never replaced: what was not made here, or is
///   no definition of a kind
record Note(String content, long generation) {

  static Note of(Struct object) {
    CRC32C sum = new CRC32C();
    sum.update(Json.bytes(object));
    return new Note("%08x".formatted(sum.getValue()), 0);
  }

  static Note parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new Note(text, 0)
        : new Note(text.substring(0, at), Long.parseLong(text.substring(at + 1)));
  }

  /// The same, after the object was made.
  Note made(Struct object) {
    return object.string("kind").equals(ApiResource.CUSTOM_RESOURCE_DEFINITIONS.kind())
        ? new Note(content, Meta.of(object).generation())
        : this;
  }

  /// Whether this is of an object that can be replaced, and that is to be another now.
  boolean isOlderThan(Note wanted) {
    return generation > 0 && !content.equals(wanted.content);
  }

  @Override
  public String toString() {
    return generation == 0 ? content : content + "@" + generation;
  }
}
