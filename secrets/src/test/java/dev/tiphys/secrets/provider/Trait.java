package dev.tiphys.secrets.provider;

/// What not every kind of stores can do.
public enum Trait {
  /// Secrets are written and deleted.
  WRITES,
  /// One property of a secret can be written and deleted.
  WRITES_PROPERTIES,
  /// What others have made is neither written to nor deleted.
  GUARDS,
  /// Secrets are read as they were.
  VERSIONS,
  /// Names have paths, and secrets can be looked for below one.
  PATHS,
  /// Secrets can be looked for by what they match.
  FINDS,
  /// Another program is asked, which may answer anything.
  REMOTE,
  /// A secret is texts by keys, not any JSON.
  FLAT,
  /// What a property of a secret is, is the store's to say.
  OPAQUE
}
