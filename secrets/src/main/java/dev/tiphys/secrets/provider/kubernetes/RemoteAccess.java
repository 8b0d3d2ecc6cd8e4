package dev.tiphys.secrets.provider.kubernetes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.http.AccessOptions;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreContext;
import dev.tiphys.secrets.provider.StoreException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The way to the cluster that a store names, with the store's credentials. Tokens of
/// ServiceAccounts end; they are replaced in time.
///
/// Threads: any.
final class RemoteAccess {

  private static final Duration TOKEN_SERVES = Duration.ofMinutes(5);
  private static final int ADDRESS_PARTS = 2;

  /// What a kubeconfig may not have: it would run programs, or read files of this machine.
  private static final Set<String> LOCAL =
      Set.of(
          "exec",
          "auth-provider",
          "tokenFile",
          "client-certificate",
          "client-key",
          "certificate-authority");

  private final StoreContext context;
  private final Connector connector;
  private final References references;
  private final Struct settings;
  private final Struct auth;
  private @Nullable Api current; // guarded by this, as is what follows
  private long since;
  private String token = "";

  RemoteAccess(StoreContext context, Connector connector) {
    this.context = context;
    this.connector = connector;
    this.references = context.references();
    this.settings = context.settings();
    this.auth = settings.struct("auth");
  }

  /// Whether credentials are those of the namespace that asks.
  boolean isOfNamespace() {
    List<Struct> all =
        List.of(
            auth.struct("cert", "clientCert"),
            auth.struct("cert", "clientKey"),
            auth.struct("token", "bearerToken"),
            auth.struct("serviceAccount"));
    all.stream().filter(each -> !each.isEmpty()).forEach(references::namespaceOf);
    return references.areOfNamespace();
  }

  /// Looks credentials up.
  ///
  /// @throws StoreException if they are not there, or are of no use
  void check() {
    Api _ = api();
  }

  /// The cluster's API.
  synchronized Api api() {
    long now = context.world().nanoTime();
    boolean ends = auth.has("serviceAccount") && now - since > TOKEN_SERVES.toNanos();
    Api api = current;
    if (api == null || ends) {
      Kubeconfig.Access access = access();
      try {
        api = connector.connect(context.world(), access);
      } catch (IllegalArgumentException e) {
        throw new StoreException("error configuring clientset: its certificates are of no use");
      }
      current = api;
      token = access.token();
      since = now;
    }
    return api;
  }

  /// A message of the cluster's without the token, should it come back.
  synchronized String cleaned(String message) {
    return token.isEmpty() ? message : message.replace(token, "***");
  }

  private Kubeconfig.Access access() {
    try {
      if (settings.has("authRef")) {
        if (settings.has("auth")) {
          throw new StoreException("authRef and inline auth cannot both be set");
        }
        return ofKubeconfig(references.secret(settings.struct("authRef")));
      }
      return inline();
    } catch (StoreException e) {
      throw new StoreException("failed to prepare auth: " + e.message());
    }
  }

  private static Kubeconfig.Access ofKubeconfig(String text) {
    try {
      Struct tree = Yaml.parse(text) instanceof Struct struct ? struct : Struct.EMPTY;
      for (Struct each : tree.structs("users")) {
        refuseLocal(each.struct("user"));
      }
      for (Struct each : tree.structs("clusters")) {
        refuseLocal(each.struct("cluster"));
      }
      return new Kubeconfig(tree).current(Path.of("kubeconfig"));
    } catch (EncodingException e) {
      throw new StoreException("authRef leads to no kubeconfig");
    } catch (IOException e) {
      throw new StoreException(String.valueOf(e.getMessage()));
    }
  }

  private static void refuseLocal(Struct entry) {
    entry.names().stream()
        .filter(LOCAL::contains)
        .findFirst()
        .ifPresent(
            name -> {
              throw new StoreException("a kubeconfig of a store may not have " + name);
            });
  }

  private Kubeconfig.Access inline() {
    if (auth.isEmpty()) {
      throw new StoreException("no auth provider given");
    }
    if (auth.size() > 1) {
      throw new StoreException(
          "multiple auth methods provided: set exactly one of Token, ServiceAccount, or Cert");
    }
    String url = settings.string("server", "url");
    URI place = place(url.isEmpty() ? "kubernetes.default" : url);
    URI reached = reached(place);
    String authorities = references.authorities(settings.struct("server"));
    String certificate = "";
    String key = "";
    String token = "";
    switch (auth.name(0)) {
      case "token" -> token = fetched("Auth.Token.BearerToken", "token", "bearerToken");
      case "cert" -> {
        certificate = fetched("client key and cert", "cert", "clientCert");
        key = fetched("client key and cert", "cert", "clientKey");
      }
      default -> token = ofServiceAccount();
    }
    String name = reached.equals(place) ? "" : place.getHost();
    return new Kubeconfig.Access(
        reached.toString(),
        authorities,
        certificate,
        key,
        token.strip(),
        AccessOptions.ofServer(name, false));
  }

  private String fetched(String what, String... path) {
    try {
      return references.secret(auth.struct(path));
    } catch (StoreException e) {
      throw new StoreException("could not fetch %s: %s".formatted(what, e.message()));
    }
  }

  private String ofServiceAccount() {
    try {
      return references.token(auth.struct("serviceAccount"), List.of());
    } catch (StoreException e) {
      throw new StoreException("could not fetch Auth.ServiceAccount: " + e.message());
    }
  }

  private static URI place(String url) {
    try {
      URI place = URI.create(url.contains("://") ? url : "https://" + url);
      if (place.getHost() != null) {
        return place;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new StoreException("the server's URL is none: " + url);
  }

  /// The same place for a process that does not know the cluster's names: this cluster's own server
  /// is where its Endpoints are, any other Service at its address.
  private URI reached(URI place) {
    String[] parts =
        place.getHost().replaceAll("\\.svc(\\.cluster\\.local)?\\.?$", "").split("\\.", -1);
    if (parts.length != ADDRESS_PARTS) {
      return place;
    }
    if (parts[0].equals("kubernetes") && parts[1].equals("default")) {
      Struct found = references.api().find(ApiResource.ENDPOINTS, "default", "kubernetes");
      for (Struct subset : (found == null ? Struct.EMPTY : found).structs("subsets")) {
        for (Struct address : subset.structs("addresses")) {
          long port = subset.structs("ports").getFirst().integer("port");
          return at(place, address.string("ip"), (int) port);
        }
      }
      return place;
    }
    Struct service = references.api().find(ApiResource.SERVICES, parts[1], parts[0]);
    String address = service == null ? "" : service.string("spec", "clusterIP");
    return address.isEmpty() || address.equals("None")
        ? place
        : at(place, address, place.getPort());
  }

  private static URI at(URI place, String address, int port) {
    String host = address.contains(":") ? "[" + address + "]" : address;
    return URI.create(place.getScheme() + "://" + host + (port < 0 ? "" : ":" + port));
  }
}
