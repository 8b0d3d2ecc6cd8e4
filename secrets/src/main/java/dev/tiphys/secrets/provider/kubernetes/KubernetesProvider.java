package dev.tiphys.secrets.provider.kubernetes;

import dev.tiphys.client.http.HttpApi;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.Capabilities;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.StoreContext;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.UndecidedStore;
import java.util.List;
import java.util.Optional;

/// Secrets of another namespace or of another cluster, with the rights of the credentials that the
/// store names.
public final class KubernetesProvider implements Provider {

  private static final String AGENT = "external-secrets";

  /// How many bytes an answer may have: that of a search has all Secrets of a namespace.
  private static final long LARGEST = 16 << 20;

  private final Connector connector;

  public KubernetesProvider() {
    this((world, access) -> new HttpApi(world, access, AGENT).within(LARGEST));
  }

  KubernetesProvider(Connector connector) {
    this.connector = connector;
  }

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public Capabilities capabilities(Store store) {
    return Capabilities.READ_WRITE;
  }

  @Override
  public Optional<String> problem(Store store) {
    Struct settings = store.settings();
    Struct authority = settings.struct("server", "caProvider");
    if (!authority.isEmpty() && store.isCluster() && !authority.has("namespace")) {
      return Optional.of("CAProvider.namespace must not be empty with ClusterSecretStore");
    }
    if (!authority.isEmpty() && !store.isCluster() && authority.has("namespace")) {
      return Optional.of("CAProvider.namespace must be empty with SecretStore");
    }
    Struct auth = settings.struct("auth");
    for (Required each : REQUIRED) {
      Struct reference = auth.struct(each.method, each.field);
      for (String part : List.of("name", "key")) {
        if (auth.has(each.method) && reference.string(part).isEmpty()) {
          String title = part.equals("name") ? "Name" : "Key";
          return Optional.of("%s.%s cannot be empty".formatted(each.title, title));
        }
      }
    }
    return Optional.empty();
  }

  /// A reference that a way to authenticate must have.
  private record Required(String method, String field, String title) {}

  private static final List<Required> REQUIRED =
      List.of(
          new Required("cert", "clientCert", "ClientCert"),
          new Required("cert", "clientKey", "ClientKey"),
          new Required("token", "bearerToken", "BearerToken"));

  @Override
  public OpenStore open(StoreContext context) {
    problem(context.store())
        .ifPresent(
            problem -> {
              throw new StoreException(problem);
            });
    RemoteAccess access = new RemoteAccess(context, connector);
    if (context.store().isCluster() && context.namespace().isEmpty() && access.isOfNamespace()) {
      return new UndecidedStore();
    }
    access.check();
    String named = context.settings().string("remoteNamespace");
    return new RemoteSecrets(
        access, named.isEmpty() ? "default" : named, context.store().isCluster());
  }
}
