package dev.tiphys.secrets.provider.aws.client;

import dev.tiphys.secrets.provider.aws.signing.Credentials;

/// Where the credentials of requests come from.
///
/// Threads: any.
public interface CredentialSupply {

  /// Those that are good now.
  ///
  /// @throws dev.tiphys.secrets.provider.StoreException if there are none
  Credentials current() throws InterruptedException;

  /// Says that a service takes credentials no more.
  void discard(Credentials refused);
}
