package dev.tiphys.apiserver.storage;

import dev.tiphys.apiserver.encryption.Transformer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.ByteBuilder;
import dev.tiphys.object.encoding.FieldOrder;
import dev.tiphys.object.encoding.JsonWriter;
import org.jspecify.annotations.Nullable;

/// One state of one object: the tree, and its JSON once that has been asked for.
///
/// Made once per state and attached to the store's own record of it, so all readers share it.
///
/// Threads: any.
public final class Stored {

  private final Struct object;
  private final long revision;
  private final long generation;
  private final Transformer transformer;
  private volatile byte @Nullable [] json;

  /// @param generation of the schema that the object has the form of
  /// @param transformer by which it was read or written
  Stored(Struct object, long revision, long generation, Transformer transformer) {
    this.object = object;
    this.revision = revision;
    this.generation = generation;
    this.transformer = transformer;
  }

  /// The object in the version it is stored in, with apiVersion, kind and resourceVersion.
  public Struct object() {
    return object;
  }

  /// The revision that wrote it.
  public long revision() {
    return revision;
  }

  /// The generation of the schema that the object has the form of: of a newer one, the object may
  /// look different.
  long generation() {
    return generation;
  }

  /// By which it was read or written: where that is another one now, keys have changed.
  Transformer transformer() {
    return transformer;
  }

  /// The object's JSON without apiVersion and kind, which answers put in front of it or leave out.
  ///
  /// @param order the order of fields of its schema, which is always the same one
  public byte[] json(@Nullable FieldOrder order) {
    byte[] known = json;
    if (known == null) {
      known = untyped(object, order);
      json = known;
    }
    return known;
  }

  /// As [#json], but if it was not made before, it is not kept.
  public byte[] jsonOnce(@Nullable FieldOrder order) {
    byte[] known = json;
    return known == null ? untyped(object, order) : known;
  }

  /// The JSON of an object without its apiVersion and kind.
  ///
  /// @param order the order of its fields; null for the order of their names
  public static byte[] untyped(Struct object, @Nullable FieldOrder order) {
    ByteBuilder out = new ByteBuilder(512);
    new JsonWriter(out).write(object.without("apiVersion").without("kind"), order);
    return out.toBytes();
  }
}
