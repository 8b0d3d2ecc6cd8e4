package dev.tiphys.secrets.provider.vault;

import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreException;
import java.util.Map;

/// A store whose credentials are those of whatever namespace asks, while none does.
record UndecidedStore() implements OpenStore {

  private static StoreException noNamespace() {
    return new StoreException("the credentials are those of a namespace, and none asks");
  }

  @Override
  public byte[] read(RemoteReference reference) {
    throw noNamespace();
  }

  @Override
  public Map<String, byte[]> readAll(RemoteReference reference) {
    throw noNamespace();
  }

  @Override
  public Map<String, byte[]> find(Search search) {
    throw noNamespace();
  }

  @Override
  public Validity validate() {
    return Validity.UNKNOWN;
  }

  @Override
  public void push(Pushed pushed) {
    throw noNamespace();
  }

  @Override
  public boolean has(RemoteReference reference) {
    throw noNamespace();
  }

  @Override
  public void delete(RemoteReference reference) {
    throw noNamespace();
  }

  @Override
  public void close() {
    // holds nothing
  }
}
