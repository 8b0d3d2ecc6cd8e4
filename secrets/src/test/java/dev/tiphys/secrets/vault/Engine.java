package dev.tiphys.secrets.vault;

/// What is mounted at a path: it answers what is asked below.
interface Engine {

  /// @param path below the mount
  VaultReply answer(VaultRequest request, String path);
}
