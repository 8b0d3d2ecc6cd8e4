package dev.tiphys.secrets.provider.kubernetes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectList;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.secrets.kept.SecretData;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The Secrets of one namespace.
///
/// @param cluster whether the store is a ClusterSecretStore
record RemoteSecrets(RemoteAccess access, String namespace, boolean cluster) implements OpenStore {

  private static final int PAGE = 500;

  @Override
  public byte[] read(RemoteReference reference) {
    SecretView secret = secret(reference);
    return reference.property().isEmpty() ? secret.whole() : secret.property(reference.property());
  }

  @Override
  public Map<String, byte[]> readAll(RemoteReference reference) {
    SecretView secret = secret(reference);
    return reference.property().isEmpty() ? secret.fields() : secret.fieldsOf(reference.property());
  }

  private SecretView secret(RemoteReference reference) {
    Struct found = asked(api -> named(api, reference.key()));
    return new SecretView(reference.key(), found, reference.metadata());
  }

  private Struct named(Api api, String name) {
    Struct found = api.find(ApiResource.SECRETS, namespace, name);
    if (found == null) {
      throw new MissingSecretException();
    }
    return found;
  }

  /// What the cluster answers.
  ///
  /// @throws StoreException if it does not
  private <T> T asked(Function<Api, T> question) {
    try {
      return question.apply(access.api());
    } catch (ApiException e) {
      throw new StoreException(access.cleaned(e.message()));
    } catch (IllegalArgumentException e) {
      throw new StoreException("the cluster's answer is no object of its kind");
    }
  }

  @Override
  public Map<String, byte[]> find(Search search) {
    if (search.tags().isEmpty() && search.name() == null) {
      throw new StoreException("unexpected find operator");
    }
    String labels =
        new TreeMap<>(search.tags())
            .entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(","));
    Map<String, byte[]> found = new TreeMap<>();
    String next = "";
    do {
      ListOptions options = new ListOptions(labels, "", "", PAGE, next);
      ObjectList page =
          asked(
              api -> {
                try {
                  return api.list(ApiResource.SECRETS, namespace, options);
                } catch (ApiException e) {
                  throw new StoreException(
                      "unable to list secrets: " + access.cleaned(e.message()));
                }
              });
      for (Struct each : page.items()) {
        String name = Meta.of(each).name();
        if (!search.tags().isEmpty() || search.isFor(name)) {
          found.put(name, new SecretView(name, each, false).whole());
        }
      }
      next = page.continueToken();
    } while (!next.isEmpty());
    return found;
  }

  @Override
  public Validity validate() {
    return asked(
        api -> {
          try {
            if (Rights.mayRead(api, namespace)) {
              return Validity.READY;
            }
          } catch (ApiException e) {
            throw new StoreException(
                "could not verify if client is valid: " + access.cleaned(e.message()));
          }
          throw new StoreException("client is not allowed to get secrets");
        });
  }

  @Override
  public void push(Pushed pushed) {
    Struct _ = asked(api -> RemotePush.of(pushed, namespace, cluster).apply(api));
  }

  @Override
  public boolean has(RemoteReference reference) {
    Struct found = asked(api -> holder(api, reference.key()));
    return !found.isEmpty()
        && (reference.property().isEmpty() || found.has("data", reference.property()));
  }

  private Struct holder(Api api, String name) {
    Struct found = api.find(ApiResource.SECRETS, namespace, name);
    return found == null ? Struct.EMPTY : found;
  }

  @Override
  public void delete(RemoteReference reference) {
    Struct found = asked(api -> holder(api, reference.key()));
    String property = reference.property();
    Map<String, byte[]> data = SecretData.of(found);
    if (found.isEmpty() || !property.isEmpty() && !data.containsKey(property)) {
      return; // it is gone
    }
    if (!property.isEmpty() && data.size() > 1) {
      Struct _ = asked(api -> api.update(ApiResource.SECRETS, found.withoutAt("data", property)));
      return;
    }
    Struct _ = asked(api -> ended(api, reference.key()));
  }

  private Struct ended(Api api, String name) {
    try {
      return api.delete(ApiResource.SECRETS, namespace, name, DeleteOptions.DEFAULT);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return Struct.EMPTY;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    // holds nothing elsewhere
  }
}
