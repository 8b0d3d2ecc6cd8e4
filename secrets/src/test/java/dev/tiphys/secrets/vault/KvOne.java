package dev.tiphys.secrets.vault;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Keys and values, without versions.
final class KvOne implements Engine {

  private static final long LEASE = 2_764_800;

  private final Map<String, Struct> secrets = new TreeMap<>();

  @Override
  public synchronized VaultReply answer(VaultRequest request, String path) {
    if (request.lists()) {
      List<String> names = below(secrets.keySet(), path);
      return names.isEmpty() ? VaultReply.MISSING : VaultReply.data(Struct.of("keys", names));
    }
    if (request.reads()) {
      Struct found = secrets.get(path);
      return found == null ? VaultReply.MISSING : VaultReply.lease("", false, LEASE, found);
    }
    if (request.deletes()) {
      secrets.remove(path);
      return VaultReply.NOTHING;
    }
    if (request.body().isEmpty()) {
      return VaultReply.failure(400, "missing data fields");
    }
    secrets.put(path, request.body());
    return VaultReply.NOTHING;
  }

  synchronized void put(String path, Struct data) {
    secrets.put(path, data);
  }

  synchronized void delete(String path) {
    secrets.remove(path);
  }

  /// The next steps of the keys below a path; those that lead on end with a slash.
  static List<String> below(Iterable<String> keys, String path) {
    String prefix = path.isEmpty() ? "" : path + "/";
    TreeSet<String> names = new TreeSet<>();
    for (String key : keys) {
      if (key.startsWith(prefix)) {
        String rest = key.substring(prefix.length());
        int slash = rest.indexOf('/');
        names.add(slash < 0 ? rest : rest.substring(0, slash + 1));
      }
    }
    return List.copyOf(names);
  }
}
