package dev.tiphys.secrets.provider;

import java.util.Map;

/// A store that is open: it has credentials, and keeps what it needs to be asked again, such as a
/// token.
///
/// Every method throws a [StoreException] that says shortly what failed, without any secret in it;
/// and a [MissingSecretException] if the store says that it does not have what is asked for, never
/// if it cannot be asked. Answers are bounded in size and time.
///
/// Threads: any.
public interface OpenStore extends AutoCloseable {

  /// One value: the whole secret, or its property if the reference names one.
  byte[] read(RemoteReference reference) throws InterruptedException;

  /// All values of a secret that has several.
  Map<String, byte[]> readAll(RemoteReference reference) throws InterruptedException;

  /// All secrets that match, whole, by their names.
  Map<String, byte[]> find(Search search) throws InterruptedException;

  /// Asks the store whether it takes the credentials.
  ///
  /// @throws StoreException if it does not
  Validity validate() throws InterruptedException;

  /// Writes a secret, or one property of it.
  void push(Pushed pushed) throws InterruptedException;

  /// Whether a secret, or the property of it that is named, is there.
  boolean has(RemoteReference reference) throws InterruptedException;

  /// Deletes a secret that was pushed, or the property of it that is named; does nothing to what
  /// others have made.
  void delete(RemoteReference reference) throws InterruptedException;

  /// Gives back what is held at the store, such as a token. Does not fail.
  @Override
  void close();

  /// What [#validate] found.
  enum Validity {
    READY,
    /// It cannot be told before an object of some namespace asks.
    UNKNOWN
  }
}
