package dev.tiphys.secrets.provider;

import java.util.Map;

/// A store whose credentials are those of the namespace that asks, before any has asked.
public final class UndecidedStore implements OpenStore {

  private static StoreException undecided() {
    return new StoreException("the store's credentials are those of the namespace that asks");
  }

  @Override
  public byte[] read(RemoteReference reference) {
    throw undecided();
  }

  @Override
  public Map<String, byte[]> readAll(RemoteReference reference) {
    throw undecided();
  }

  @Override
  public Map<String, byte[]> find(Search search) {
    throw undecided();
  }

  @Override
  public Validity validate() {
    return Validity.UNKNOWN;
  }

  @Override
  public void push(Pushed pushed) {
    throw undecided();
  }

  @Override
  public boolean has(RemoteReference reference) {
    throw undecided();
  }

  @Override
  public void delete(RemoteReference reference) {
    throw undecided();
  }

  @Override
  public void close() {
    // holds nothing
  }
}
