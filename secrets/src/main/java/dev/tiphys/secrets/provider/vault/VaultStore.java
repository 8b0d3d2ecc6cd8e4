package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.data.Properties;
import dev.tiphys.secrets.data.Values;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A KV engine of a Vault server.
record VaultStore(KeyValues values, Writing writing) implements OpenStore {

  @Override
  public byte[] read(RemoteReference reference) throws InterruptedException {
    return value(tree(reference), reference.property());
  }

  private Struct tree(RemoteReference reference) throws InterruptedException {
    if (!reference.metadata()) {
      return values.data(reference.key(), reference.version());
    }
    if (!values.paths().second()) {
      throw new StoreException("cannot perform metadata fetch operations with kv version v1");
    }
    return values.metadata(reference.key());
  }

  private static byte[] value(Struct tree, String property) {
    return property.isEmpty()
        ? whole(tree)
        : Values.bytes(
            Properties.find(tree, property)
                .orElseThrow(
                    () ->
                        new StoreException(
                            "cannot find secret data for key: \"" + property + "\"")));
  }

  /// As JSON, with what HTML takes for marks written as the original writes it.
  private static byte[] whole(Struct tree) {
    return Json.text(tree)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Map<String, byte[]> readAll(RemoteReference reference) throws InterruptedException {
    try {
      return Values.ofFields(Json.struct(read(reference)));
    } catch (EncodingException e) {
      throw new StoreException("unable to unmarshal secret: it is no JSON object");
    }
  }

  @Override
  public Map<String, byte[]> find(Search search) throws InterruptedException {
    if (!values.paths().second() && !search.tags().isEmpty()) {
      throw new StoreException("cannot perform find by tag operations with kv version v1");
    }
    String path = search.path().isEmpty() ? "" : search.path() + "/";
    Map<String, byte[]> found = new LinkedHashMap<>();
    for (String key : values.keys(path)) {
      if (search.name() == null ? hasTags(key, search) : search.isFor(key)) {
        try {
          found.put(key, whole(values.data(key, "")));
        } catch (MissingSecretException e) {
          // its newest version was deleted
        }
      }
    }
    return found;
  }

  private boolean hasTags(String key, Search search) throws InterruptedException {
    Struct metadata = values.metadata(key);
    return search.tags().entrySet().stream()
        .allMatch(tag -> tag.getValue().equals(metadata.get(tag.getKey())));
  }

  @Override
  public Validity validate() throws InterruptedException {
    values.check();
    return Validity.READY;
  }

  @Override
  public void push(Pushed pushed) throws InterruptedException {
    writing.push(pushed);
  }

  @Override
  public boolean has(RemoteReference reference) throws InterruptedException {
    try {
      Struct data = values.data(reference.key(), "");
      return reference.property().isEmpty()
          || Properties.find(data, reference.property()).isPresent();
    } catch (MissingSecretException e) {
      return false;
    }
  }

  @Override
  public void delete(RemoteReference reference) throws InterruptedException {
    writing.delete(reference);
  }

  @Override
  public void close() {
    values.close();
  }
}
