package dev.tiphys.secrets.provider.aws.signing;

/// What requests to AWS are signed with.
///
/// @param accessKey tells which key it is; no secret, but not for messages either
/// @param secretKey the secret
/// @param sessionToken of temporary credentials; empty for lasting ones
public record Credentials(String accessKey, String secretKey, String sessionToken) {

  /// Without any of it, since it must not be seen.
  @Override
  public String toString() {
    return sessionToken.isEmpty() ? "lasting credentials" : "temporary credentials";
  }
}
