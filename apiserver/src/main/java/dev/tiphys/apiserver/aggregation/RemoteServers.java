package dev.tiphys.apiserver.aggregation;

import dev.tiphys.apiserver.proxy.Backend;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.webhook.ServiceAddresses;
import dev.tiphys.apiserver.webhook.WebhookException;
import dev.tiphys.client.http.AccessOptions;
import dev.tiphys.client.http.ExtraKey;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import dev.tiphys.http.Header;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// The way to the servers of other groups: over TLS, on which this server proves that it speaks for
/// the users that it names in headers.
///
/// Threads: any.
public final class RemoteServers {

  private static final String EXTRA = "X-Remote-Extra-";

  private final ServiceAddresses services;
  private final Supplier<Credential> own;
  private final Map<Trust, SSLContext> contexts = new ConcurrentHashMap<>();

  /// Which server is the right one.
  private record Trust(String authority, String name, boolean any) {}

  /// @param own what this server proves itself with: its name is among those that other servers let
  ///   speak for users
  public RemoteServers(ServiceAddresses services, Supplier<Credential> own) {
    this.services = services;
    this.own = own;
  }

  /// Where a group's requests are passed on to: a ready endpoint of its Service.
  ///
  /// @throws WebhookException if there is none
  Backend backend(RemoteGroup group) throws WebhookException {
    String address = services.resolve(group.namespace(), group.service(), group.port());
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replace("[", "").replace("]", "");
    return new Backend(host, address.substring(colon + 1), context(group));
  }

  /// TLS with the servers of a group.
  SSLContext context(RemoteGroup group) {
    return contexts.computeIfAbsent(trust(group), this::context);
  }

  private static Trust trust(RemoteGroup group) {
    String bundle = group.spec().string("caBundle");
    String authority =
        bundle.isEmpty()
            ? ""
            : new String(Base64.getDecoder().decode(bundle), StandardCharsets.US_ASCII);
    return new Trust(
        authority,
        group.service() + "." + group.namespace() + ".svc",
        group.spec().bool("insecureSkipTLSVerify"));
  }

  private SSLContext context(Trust trust) {
    return TlsContext.of(access("", trust), own);
  }

  private Kubeconfig.Access access(String server, Trust trust) {
    return new Kubeconfig.Access(
            server, trust.authority, Pem.of(own.get().chain()), Pem.of(own.get().key()), "")
        .with(AccessOptions.ofServer(trust.name, trust.any));
  }

  /// How the API of a group's server is reached.
  ///
  /// @param server its URL
  Kubeconfig.Access access(RemoteGroup group, String server) {
    return access(server, trust(group));
  }

  /// The header fields that tell in whose name a request is made.
  static List<Header> identity(UserInfo user) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("X-Remote-User", user.name()));
    if (!user.uid().isEmpty()) {
      headers.add(new Header("X-Remote-Uid", user.uid()));
    }
    user.groups().forEach(group -> headers.add(new Header("X-Remote-Group", group)));
    user.extra()
        .forEach(
            (key, values) ->
                values.forEach(
                    value ->
                        headers.add(
                            new Header(
                                EXTRA + ExtraKey.escaped(key.toLowerCase(Locale.ROOT)), value))));
    return headers;
  }

  /// What this server asks other servers in the name of.
  static List<Header> ownIdentity() {
    return identity(UserInfo.of("system:kube-aggregator", UserInfo.MASTERS));
  }

  /// The Service of a group, for checks of it; null if there is none.
  @org.jspecify.annotations.Nullable
  Struct service(RemoteGroup group) {
    return services.objects().find("", "services", group.namespace(), group.service());
  }

  /// The endpoints of a group's Service.
  List<Struct> endpoints(RemoteGroup group) {
    return services.slices(group.namespace(), group.service());
  }
}
