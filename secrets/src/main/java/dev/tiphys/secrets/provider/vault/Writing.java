package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.StoreException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes secrets to a KV engine, marks them as written here, and touches no others.
///
/// @param checks whether a secret is written only if it is still as it was read
record Writing(KeyValues values, boolean checks) {

  private static final String MARKS = "custom_metadata";
  private static final String MANAGER = "managed-by";
  private static final Struct OURS = Struct.of(MANAGER, "external-secrets");

  /// The secret as it is; null if it is not there.
  private @Nullable Struct current(String key) throws InterruptedException {
    try {
      return values.data(key, "");
    } catch (MissingSecretException e) {
      return null;
    }
  }

  private boolean isOurs(String key) throws InterruptedException {
    return values.metadata(key).string(MANAGER).equals(OURS.string(MANAGER));
  }

  void push(Pushed pushed) throws InterruptedException {
    String key = pushed.place().key();
    String property = pushed.place().property();
    byte[] value = pushed.value();
    Struct before = current(key);
    boolean there = before != null;
    if (there && !isOurs(key)) {
      throw new StoreException("secret not managed by external-secrets");
    }
    Struct kept = before == null ? Struct.EMPTY : before;
    if (!second()) {
      kept = kept.without(MARKS);
    }
    Struct now =
        property.isEmpty()
            ? tree(value)
            : with(kept, property, new String(value, StandardCharsets.UTF_8));
    if (there && now.equals(kept)) {
      return;
    }
    if (!second()) {
      values.change(Call.put(path(key), now.with(MARKS, OURS), Hidden.valuesOf(now)));
      return;
    }
    StructBuilder content = new StructBuilder().add("data", now);
    if (checks) {
      content.add("options", Struct.of("cas", there ? version(key) : 0L));
    }
    values.change(Call.put(values.paths().metadata(key), Struct.of(MARKS, OURS), Hidden.NOTHING));
    values.change(Call.put(path(key), content.build(), Hidden.valuesOf(now)));
  }

  private boolean second() {
    return values.paths().second();
  }

  private String path(String key) {
    return values.paths().data(key);
  }

  private long version(String key) throws InterruptedException {
    try {
      return values.currentVersion(key);
    } catch (VaultException e) {
      throw e.within("failed to get CAS version: failed to read metadata");
    }
  }

  private static Struct tree(byte[] value) {
    try {
      return Json.struct(value);
    } catch (EncodingException e) {
      throw new StoreException("error unmarshalling vault secret: invalid JSON format");
    }
  }

  private static Struct with(Struct kept, String property, String value) {
    if (kept.has(property) && !(kept.get(property) instanceof String)) {
      throw new StoreException("error converting " + property + " to string");
    }
    return kept.with(property, value);
  }

  void delete(RemoteReference reference) throws InterruptedException {
    String key = reference.key();
    Struct before = current(key);
    if (before == null || !isOurs(key)) {
      return;
    }
    if (!reference.property().isEmpty()) {
      Struct rest = before.without(reference.property());
      boolean marksOnly = !second() && rest.size() == 1 && rest.has(MARKS);
      if (!rest.isEmpty() && !marksOnly) {
        Struct content = second() ? Struct.of("data", rest) : rest;
        values.change(Call.put(path(key), content, Hidden.valuesOf(rest)));
        return;
      }
    }
    delete(path(key), "could not delete secret " + key);
    if (second()) {
      delete(values.paths().metadata(key), "could not delete secret metadata " + key);
    }
  }

  private void delete(String path, String doing) throws InterruptedException {
    try {
      values.change(Call.delete(path));
    } catch (VaultException e) {
      throw e.within(doing);
    }
  }
}
