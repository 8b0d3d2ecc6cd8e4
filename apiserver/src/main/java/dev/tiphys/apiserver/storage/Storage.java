package dev.tiphys.apiserver.storage;

import dev.tiphys.apiserver.encryption.Transformer;
import dev.tiphys.apiserver.encryption.Transformer.Plain;
import dev.tiphys.apiserver.encryption.Transformer.TransformException;
import dev.tiphys.apiserver.flow.FlowRecorder;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.store.Event;
import dev.tiphys.store.History;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Keyspace;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.Store;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The objects of one resource in the store: their keys, and their bytes.
///
/// Keys and bytes are upstream's: `/registry/PREFIX/NAMESPACE/NAME`, protobuf in its envelope for
/// built-in kinds, JSON for custom ones, without the resourceVersion, which is the store's
/// revision; then encrypted if that is configured. What can't be decrypted is told by its key, and
/// is never left out of anything: it may come back with its key.
///
/// Threads: any.
public final class Storage {

  private static final System.Logger LOG = System.getLogger(Storage.class.getName());
  private static final String ROOT = "/registry/";

  private final Store store;
  private final Resource resource;
  private final Codec codec;
  private final Supplier<Transformer> transformer;
  private final FlowRecorder flow;
  private final long generation;
  private final String prefix;

  /// @param resource in the version in which its objects are held
  /// @param prefix the part of their keys between `/registry/` and their namespace or name
  /// @param codec between that version and their bytes
  /// @param transformer between these and what is stored of them, at the moment
  /// @param generation tells the form of the objects from other forms of them: the highest is kept
  public Storage(
      Store store,
      Resource resource,
      String prefix,
      Codec codec,
      Supplier<Transformer> transformer,
      FlowRecorder flow,
      long generation) {
    this.store = store;
    this.generation = generation;
    this.resource = resource;
    this.codec = codec;
    this.transformer = transformer;
    this.flow = flow;
    this.prefix = ROOT + prefix + "/";
  }

  /// What can be read, as far as this process knows it.
  public History history() {
    try {
      return store.history();
    } catch (StoreException e) {
      throw refusal(e);
    }
  }

  /// The part of the history that is about this resource.
  public Keyspace keyspace() {
    return history().keyspace(prefix);
  }

  /// The whole store as it is now.
  public Snapshot newest() {
    sync();
    return history().newest();
  }

  /// Waits until what any server has written is known here.
  public void sync() {
    try {
      store.sync();
    } catch (StoreException e) {
      throw refusal(e);
    }
  }

  /// What is remembered of an object, the oldest first.
  public List<Event> events(String namespace, String name) {
    return keyspace().events(key(namespace, name));
  }

  public boolean isNamespaced() {
    return resource.namespaced();
  }

  /// What the keys of all objects of the resource start with.
  public String prefix() {
    return prefix;
  }

  /// What the keys of a namespace's objects start with; those of all if `namespace` is empty.
  public String prefix(String namespace) {
    return namespace.isEmpty() ? prefix : prefix + namespace + "/";
  }

  public String key(String namespace, String name) {
    return resource.namespaced() ? prefix + namespace + "/" + name : prefix + name;
  }

  /// The newest state of an object, or null if it does not exist.
  public @Nullable KeyValue find(String namespace, String name) {
    return newest().get(key(namespace, name));
  }

  /// The state of an object that is known here, or null if none is. Another server may have written
  /// a newer one a moment ago.
  public @Nullable KeyValue known(String namespace, String name) {
    return history().newest().get(key(namespace, name));
  }

  /// The state that a record holds.
  ///
  /// @throws ApiException `INTERNAL_ERROR` if it can't be read
  public Stored stored(KeyValue record) {
    try {
      return decoded(record);
    } catch (DecodingException | EncodingException e) {
      throw ApiException.internal(unreadable(record, e));
    }
  }

  private Stored decoded(KeyValue record) {
    Stored known = record.attachment() instanceof Stored state ? state : null;
    Transformer present = transformer.get();
    boolean readable = known != null && known.transformer() == present;
    if (known != null && readable && known.generation() == generation) {
      return known;
    }
    Struct object = codec.decode(plain(record, present).bytes());
    Stored decoded =
        new Stored(versioned(object, record.revision()), record.revision(), generation, present);
    boolean newer = known == null || !readable || known.generation() < generation;
    if (newer && record.lease() == 0) { // what ends by itself is many, and read seldom
      record.attach(decoded);
    }
    return decoded;
  }

  /// Whether anything is encrypted, at the moment.
  public boolean isEncrypted() {
    return transformer.get() != Transformer.PLAIN;
  }

  /// A record encrypted as it would be if it were written now; as it is if it can't be read.
  public KeyValue sealed(KeyValue record) {
    Transformer present = transformer.get();
    try {
      Plain plain = present.fromStorage(record.value(), record.key());
      return plain.stale()
          ? record.withValue(present.toStorage(plain.bytes(), record.key()))
          : record;
    } catch (TransformException e) {
      return record;
    }
  }

  /// What is stored of an object, decrypted.
  ///
  /// @throws ApiException `INTERNAL_ERROR` if it can't be
  private static Plain plain(KeyValue record, Transformer by) {
    try {
      return by.fromStorage(record.value(), record.key());
    } catch (TransformException e) {
      throw ApiException.internal(
          "unable to transform key " + GoText.quoted(record.key()) + ": " + e.getMessage());
    }
  }

  private static String unreadable(KeyValue record, RuntimeException cause) {
    return "unable to decode "
        + record.key()
        + " at revision "
        + record.revision()
        + ": "
        + cause.getMessage();
  }

  /// A state of an object that has the form of the resource's schema.
  public Stored state(Struct object, long revision) {
    return new Stored(codec.completed(object), revision, generation, transformer.get());
  }

  /// As [#stored], but null if the record can't be read, which is logged: one bad object must not
  /// hide the others.
  ///
  /// @throws ApiException if the object is good, but can't be had in this form now, or can't be
  ///   decrypted: it must not seem to be gone
  public @Nullable Stored readable(KeyValue record) {
    try {
      return decoded(record);
    } catch (DecodingException | EncodingException e) {
      LOG.log(System.Logger.Level.WARNING, "an object is left out: {0}", unreadable(record, e));
      return null;
    }
  }

  /// Whether a record is in the version that new objects are stored in, and encrypted as these are.
  public boolean isCurrent(KeyValue record) {
    Plain plain = plain(record, transformer.get());
    return !plain.stale() && codec.isCurrent(plain.bytes());
  }

  /// Whether reading a record may take long.
  public boolean mayWait() {
    return codec.mayWait() || transformer.get().mayWait();
  }

  /// The name of an index over what records hold in this form, as far as they can be read with the
  /// present keys.
  public String indexName(String name) {
    return name + "@" + generation + "@" + System.identityHashCode(transformer.get());
  }

  /// A state that was deleted, as the event of its deletion shows it.
  public Stored deleted(KeyValue last, long revision) {
    return state(versioned(stored(last).object(), revision), revision);
  }

  /// Writes an object, if its state is the expected one. Null if it is not. What is too large to be
  /// stored is stored without the record of who owns which fields, if that is of any help.
  ///
  /// @param before the state it replaces; null if there is none
  public @Nullable Stored write(Call call, Struct object, @Nullable KeyValue before, long lease) {
    try {
      return attempt(call, object, before, lease);
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.TOO_LARGE
          || !object.has("metadata", "managedFields")) {
        throw refusal(e);
      }
    }
    try {
      return attempt(call, object.withoutAt("metadata", "managedFields"), before, lease);
    } catch (StoreException e) {
      throw refusal(e);
    }
  }

  private @Nullable Stored attempt(
      Call call, Struct object, @Nullable KeyValue before, long lease) {
    Struct metadata = object.struct("metadata");
    String key = key(metadata.string("namespace"), metadata.string("name"));
    Write write =
        Write.replace(key, stored(object, key), before == null ? Write.ABSENT : before.revision())
            .withLease(lease)
            .withCause(call.cause())
            .leadingToDeletion(metadata.has("deletionTimestamp"))
            .withAttachment(revision -> state(versioned(object, revision), revision));
    return switch (store.write(write)) {
      case WriteResult.Written(long revision, KeyValue current, KeyValue _) -> {
        Stored state =
            current == null ? state(versioned(object, revision), revision) : stored(current);
        Struct old = before == null ? null : stored(before).object();
        flow.wrote(call, resource, old, state.object(), revision);
        yield state;
      }
      case WriteResult.Stale _ -> null;
    };
  }

  /// The bytes to store of an object.
  private byte[] stored(Struct object, String key) {
    try {
      return transformer.get().toStorage(encode(object), key);
    } catch (TransformException e) {
      throw ApiException.internal(String.valueOf(e.getMessage()));
    }
  }

  /// Deletes an object, if `record` is its present state. Returns the deletion's revision, or 0 if
  /// it is not.
  public long delete(Call call, KeyValue record) {
    Write write = Write.delete(record.key(), record.revision()).withCause(call.cause());
    WriteResult result;
    try {
      result = store.write(write);
    } catch (StoreException e) {
      throw refusal(e);
    }
    return switch (result) {
      case WriteResult.Written(long revision, KeyValue _, KeyValue _) -> {
        Stored last = readable(record);
        flow.wrote(call, resource, last == null ? null : last.object(), null, revision);
        yield revision;
      }
      case WriteResult.Stale _ -> 0;
    };
  }

  /// An object of another resource with the same keys, as it would be read here.
  public Struct form(Struct object, Storage other) {
    return codec.decode(other.encode(object));
  }

  /// The object's bytes, before they are encrypted.
  public byte[] encode(Struct object) {
    return codec.encode(object);
  }

  private static Struct versioned(Struct object, long revision) {
    return object.withAt(Long.toString(revision), "metadata", "resourceVersion");
  }

  /// What a client is told when the store fails.
  public static ApiException refusal(StoreException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.reason()) {
      case COMPACTED ->
          ApiException.of(Reason.EXPIRED, "The resourceVersion for the provided list is too old.");
      case FUTURE ->
          ApiException.of(Reason.TIMEOUT, "Timeout: Too large resource version: " + message)
              .retryAfter(1);
      case TOO_LARGE, NO_SPACE, CORRUPT, NO_LEASE, IN_USE, UNAVAILABLE, CLOSED ->
          ApiException.internal(message);
    };
  }
}
