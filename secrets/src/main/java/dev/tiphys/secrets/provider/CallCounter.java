package dev.tiphys.secrets.provider;

/// Counts what stores are asked.
@FunctionalInterface
public interface CallCounter {

  /// Counts nothing.
  CallCounter NONE = (_, _, _) -> {};

  /// A store was asked something.
  ///
  /// @param provider `HashiCorp/Vault`
  /// @param call `ReadSecretData`
  /// @param well whether it gave an answer that could be used
  void called(String provider, String call, boolean well);
}
