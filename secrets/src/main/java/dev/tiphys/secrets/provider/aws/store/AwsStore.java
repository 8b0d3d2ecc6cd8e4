package dev.tiphys.secrets.provider.aws.store;

import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.SharedAnswers;
import dev.tiphys.secrets.provider.aws.client.AwsClient;
import java.util.Map;

/// A store of AWS's: what it has is asked for once by all that want it at a moment, and anew once
/// something was written.
///
/// Threads: any.
public abstract class AwsStore implements OpenStore {

  protected final AwsClient client;
  protected final String prefix;
  protected final SharedAnswers<byte[]> answers;
  private final Writing writing;

  /// Writes to the store, by the names of secrets as they are there.
  public interface Writing {

    void push(String name, Pushed pushed) throws InterruptedException;

    /// @param property empty for the whole secret
    void delete(String name, String property) throws InterruptedException;
  }

  /// @param prefix of the names of all secrets
  protected AwsStore(AwsClient client, String prefix, Writing writing) {
    this.client = client;
    this.prefix = prefix;
    this.writing = writing;
    this.answers = SharedAnswers.briefly(client.calls().world());
  }

  /// The value of a secret, or its tags, whatever the property.
  protected abstract byte[] whole(RemoteReference reference) throws InterruptedException;

  @Override
  public byte[] read(RemoteReference reference) throws InterruptedException {
    byte[] whole = whole(reference);
    return reference.property().isEmpty()
        ? whole.clone()
        : JsonSecret.of(reference.key(), whole).property(reference.property());
  }

  @Override
  public Map<String, byte[]> readAll(RemoteReference reference) throws InterruptedException {
    return JsonSecret.of(reference.key(), read(reference)).fields();
  }

  @Override
  public Validity validate() throws InterruptedException {
    var _ = client.supply().current();
    return Validity.READY;
  }

  @Override
  public void push(Pushed pushed) throws InterruptedException {
    try {
      writing.push(prefix + pushed.place().key(), pushed);
    } finally {
      answers.forget();
    }
  }

  @Override
  public void delete(RemoteReference reference) throws InterruptedException {
    try {
      writing.delete(prefix + reference.key(), reference.property());
    } finally {
      answers.forget();
    }
  }

  @Override
  public void close() {
    // holds nothing elsewhere: its credentials end by themselves
  }
}
