package dev.tiphys.node.runtime;

/// What to tell a registry so that it gives an image. Empty parts are left out.
///
/// @param auth name and password as `base64(name:password)`, as configuration files have it
/// @param identityToken a token to get another one with
/// @param registryToken a token to send as it is
public record RegistryAuth(
    String userName,
    String password,
    String auth,
    String serverAddress,
    String identityToken,
    String registryToken) {

  /// Does not show secrets.
  @Override
  public String toString() {
    return "RegistryAuth[" + userName + "@" + serverAddress + "]";
  }
}
