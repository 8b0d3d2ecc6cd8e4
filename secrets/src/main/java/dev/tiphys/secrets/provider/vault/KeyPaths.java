package dev.tiphys.secrets.provider.vault;

import dev.tiphys.secrets.provider.StoreException;

/// Where secrets are in a KV engine.
///
/// @param mount where the engine is; empty if keys begin with that themselves
/// @param second whether it is of the second version, which keeps data and metadata apart
record KeyPaths(String mount, boolean second) {

  private static final String DATA = "/data/";

  /// Where a secret is. A key may begin with the mount, or leave it out.
  String data(String key) {
    if (mount.isEmpty()) {
      return second && !key.contains(DATA) ? afterFirst(key) : key;
    }
    String rest = key;
    if (rest.startsWith(mount + "/")) {
      rest = rest.substring(mount.length() + 1);
      if (second && rest.startsWith("data/")) {
        rest = rest.substring("data/".length());
      }
    }
    return mount + (second ? DATA : "/") + rest;
  }

  private static String afterFirst(String key) {
    int slash = key.indexOf('/');
    return slash < 0 ? key + "/data" : key.substring(0, slash) + DATA + key.substring(slash + 1);
  }

  /// Where the metadata of a secret are, or those of all secrets below a path are listed.
  String metadata(String key) {
    if (!mount.isEmpty()) {
      return mount + (second ? "/metadata/" : "/") + key;
    }
    if (second && !key.contains("data")) {
      throw new StoreException("provided Path isn't a valid kv v2 path");
    }
    int data = second ? key.indexOf(DATA) : -1;
    return data < 0
        ? key
        : key.substring(0, data) + "/metadata/" + key.substring(data + DATA.length());
  }
}
