package dev.tiphys.secrets.provider.aws.credentials;

/// Something that has credentials.
///
/// Threads: any.
interface Source {

  /// Those that are good now.
  ///
  /// @throws dev.tiphys.secrets.provider.StoreException if there are none
  Keys fetch() throws InterruptedException;
}
