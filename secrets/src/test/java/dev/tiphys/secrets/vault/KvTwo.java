package dev.tiphys.secrets.vault;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Keys and values with versions: `data/` and `metadata/`.
final class KvTwo implements Engine {

  private final InstantSource clock;
  private final Map<String, Entry> entries = new TreeMap<>();

  /// A secret, with all it was.
  private static final class Entry {
    final List<Version> versions = new ArrayList<>();
    final String created;
    Struct custom = Struct.EMPTY;
    String updated;

    Entry(String now) {
      created = now;
      updated = now;
    }
  }

  private static final class Version {
    final Struct data;
    final String created;
    String deleted = "";

    Version(Struct data, String now) {
      this.data = data;
      this.created = now;
    }

    StructBuilder told() {
      return new StructBuilder()
          .add("created_time", created)
          .add("deletion_time", deleted)
          .add("destroyed", false);
    }
  }

  KvTwo(InstantSource clock) {
    this.clock = clock;
  }

  private String now() {
    return clock.instant().toString();
  }

  @Override
  public synchronized VaultReply answer(VaultRequest request, String path) {
    int slash = path.indexOf('/');
    String part = slash < 0 ? path : path.substring(0, slash);
    String key = slash < 0 ? "" : path.substring(slash + 1);
    return switch (part) {
      case "data" -> data(request, key);
      case "metadata" -> metadata(request, key);
      default ->
          VaultReply.warning(
              404, "Invalid path for a versioned K/V secrets engine. See the API docs for more.");
    };
  }

  private VaultReply data(VaultRequest request, String key) {
    if (request.reads()) {
      return read(entries.get(key), request.query().getOrDefault("version", "0"));
    }
    if (request.writes()) {
      return write(key, request.body());
    }
    if (request.deletes()) {
      delete(key);
      return VaultReply.NOTHING;
    }
    return VaultReply.failure(405, "unsupported operation");
  }

  private static VaultReply read(Entry entry, String version) {
    if (!version.matches("[0-9]{1,9}")) {
      return VaultReply.failure(
          400, "error converting input \"" + version + "\" for field \"version\"");
    }
    int asked = Integer.parseInt(version);
    int number = entry == null ? 0 : asked == 0 ? entry.versions.size() : asked;
    if (entry == null || number == 0 || number > entry.versions.size()) {
      return VaultReply.MISSING;
    }
    Version found = entry.versions.get(number - 1);
    Struct told =
        found
            .told()
            .add("version", (long) number)
            .add("custom_metadata", entry.custom.isEmpty() ? Null.NULL : entry.custom)
            .build();
    boolean gone = !found.deleted.isEmpty();
    return VaultReply.data(
        gone ? 404 : 200, Struct.of("data", gone ? Null.NULL : found.data, "metadata", told));
  }

  private VaultReply write(String key, Struct body) {
    if (!(body.get("data") instanceof Struct data)) {
      return VaultReply.failure(400, "no data provided");
    }
    Entry entry = entries.computeIfAbsent(key, _ -> new Entry(now()));
    Struct options = body.struct("options");
    if (options.has("cas") && options.integer("cas") != entry.versions.size()) {
      return VaultReply.failure(400, "check-and-set parameter did not match the current version");
    }
    entry.versions.add(new Version(data, now()));
    entry.updated = now();
    Version made = entry.versions.getLast();
    return VaultReply.data(made.told().add("version", (long) entry.versions.size()).build());
  }

  private VaultReply metadata(VaultRequest request, String key) {
    if (request.lists()) {
      List<String> names = KvOne.below(entries.keySet(), key);
      return names.isEmpty() ? VaultReply.MISSING : VaultReply.data(Struct.of("keys", names));
    }
    if (request.deletes()) {
      entries.remove(key);
      return VaultReply.NOTHING;
    }
    if (request.writes()) {
      Entry entry = entries.computeIfAbsent(key, _ -> new Entry(now()));
      if (request.body().has("custom_metadata")) {
        entry.custom = request.body().struct("custom_metadata");
      }
      return VaultReply.NOTHING;
    }
    Entry entry = entries.get(key);
    return entry == null ? VaultReply.MISSING : VaultReply.data(told(entry));
  }

  private static Struct told(Entry entry) {
    StructBuilder versions = new StructBuilder();
    for (int i = 0; i < entry.versions.size(); i++) {
      versions.add(String.valueOf(i + 1), entry.versions.get(i).told().build());
    }
    return new StructBuilder()
        .add("cas_required", false)
        .add("created_time", entry.created)
        .add("current_version", (long) entry.versions.size())
        .add("custom_metadata", entry.custom.isEmpty() ? Null.NULL : entry.custom)
        .add("delete_version_after", "0s")
        .add("max_versions", 0L)
        .add("oldest_version", 0L)
        .add("updated_time", entry.updated)
        .add("versions", versions.build())
        .build();
  }

  /// Has a secret have a newer version. Returns its number.
  synchronized int put(String key, Struct data) {
    VaultReply _ = write(key, Struct.of("data", data));
    return entries.get(key).versions.size();
  }

  /// Deletes the newest version; its number stays taken.
  synchronized void delete(String key) {
    Entry entry = entries.get(key);
    if (entry != null && !entry.versions.isEmpty()) {
      entry.versions.getLast().deleted = now();
    }
  }
}
