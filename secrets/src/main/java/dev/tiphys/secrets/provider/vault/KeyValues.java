package dev.tiphys.secrets.provider.vault;

import static dev.tiphys.secrets.provider.vault.VaultClient.part;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.secrets.data.Values;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.SharedAnswers;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The secrets of a KV engine, as a session sees them. Equal reads at the same moment are one.
///
/// Threads: any.
final class KeyValues {

  private static final List<String> KEPT_BY_ENGINE =
      List.of("created_time", "current_version", "delete_version_after");
  private static final String READING = "cannot read secret data from Vault";
  private static final int MOST_NAMES = 20_000;
  private static final int DEEPEST = 50;

  private final Session session;
  private final KeyPaths paths;
  private final SharedAnswers<Optional<Struct>> reads;

  KeyValues(World world, Session session, KeyPaths paths) {
    this.session = session;
    this.paths = paths;
    this.reads = SharedAnswers.meanwhile(world);
  }

  KeyPaths paths() {
    return paths;
  }

  /// The fields of a secret.
  ///
  /// @param version empty for the newest
  /// @throws MissingSecretException if it is not there, or this version was deleted
  Struct data(String key, String version) throws InterruptedException {
    List<Map.Entry<String, String>> query =
        version.isEmpty() ? List.of() : List.of(Map.entry("version", version));
    Struct answer = read(Call.get(paths.data(key), query));
    Struct outer = answer == null ? null : part(answer, "data", "failed to find data field");
    if (answer == null || outer == null && !paths.second()) {
      throw new MissingSecretException();
    }
    if (outer == null || paths.second() && outer.get("data") == null) {
      throw new StoreException("failed to find data field");
    }
    if (!paths.second()) {
      return outer;
    }
    Struct data = part(outer, "data", "failed to unmarshall JSON");
    if (data == null) {
      throw new MissingSecretException();
    }
    return data;
  }

  private @Nullable Struct read(Call call) throws InterruptedException {
    try {
      return reads
          .of(call.path() + "?" + call.query(), () -> Optional.ofNullable(session.ask(call)))
          .orElse(null);
    } catch (VaultException e) {
      throw e.within(READING);
    }
  }

  /// What is said about a secret, as texts.
  ///
  /// @throws StoreException if nothing is
  Struct metadata(String key) throws InterruptedException {
    Struct answer = read(Call.get(paths.metadata(key)));
    if (answer == null) {
      throw new StoreException("secret not found");
    }
    Struct data = answer.struct("data");
    StructBuilder texts = new StructBuilder();
    if (paths.second()) {
      for (String name : KEPT_BY_ENGINE) {
        Object value = data.get(name);
        if (value != null && !(value instanceof Null)) {
          texts.add(name, Values.text(value));
        }
      }
    }
    data.struct("custom_metadata").forEach((name, value) -> texts.put(name, Values.text(value)));
    return texts.build();
  }

  /// The keys of all secrets below a path.
  ///
  /// @param path ends with a slash, or is empty for all
  /// @throws MissingSecretException if there is nothing
  List<String> keys(String path) throws InterruptedException {
    List<String> found = new ArrayList<>();
    list(path, 0, found);
    return found;
  }

  private void list(String path, int depth, List<String> found) throws InterruptedException {
    Struct answer = read(Call.list(paths.metadata(path)));
    if (answer == null) {
      throw new MissingSecretException();
    }
    Struct data = part(answer, "data", READING + ": the answer lists nothing");
    for (Object each : data == null ? List.of() : data.list("keys")) {
      if (!(each instanceof String name)) {
        throw new StoreException(READING + ": the answer lists what is no name");
      }
      if (depth == DEEPEST || found.size() == MOST_NAMES) {
        throw new StoreException(READING + ": there are too many secrets below " + path);
      }
      if (name.endsWith("/")) {
        list(path + name, depth + 1, found);
      } else {
        found.add(path + name);
      }
    }
  }

  /// Which version is there now.
  long currentVersion(String key) throws InterruptedException {
    Struct answer = session.ask(Call.get(paths.metadata(key)));
    Object version = answer == null ? null : answer.struct("data").get("current_version");
    return switch (version) {
      case null -> 1; // it is older than versions are
      case Long number -> number;
      default -> throw new StoreException("unexpected type for current_version");
    };
  }

  /// Writes, or deletes.
  void change(Call call) throws InterruptedException {
    Struct _ = session.ask(call);
  }

  void check() throws InterruptedException {
    session.check();
  }

  void close() {
    session.close();
  }
}
