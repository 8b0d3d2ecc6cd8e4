package dev.tiphys.network.ingress;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.ingress.annotations.AccessAnnotations;
import dev.tiphys.network.ingress.annotations.Annotations;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.filters.AuthSettings;
import dev.tiphys.network.router.filters.BasicCredentials;
import dev.tiphys.network.router.filters.ClientCertificates;
import dev.tiphys.network.router.filters.Concurrency;
import dev.tiphys.network.router.filters.DigestCredentials;
import dev.tiphys.network.router.filters.DigestUsers;
import dev.tiphys.network.router.filters.ExternalAuth;
import dev.tiphys.network.router.filters.Passwords;
import dev.tiphys.network.router.filters.Refusal;
import dev.tiphys.network.router.filters.RequestRate;
import dev.tiphys.network.router.filters.ResponseHeaders;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Mirror;
import dev.tiphys.network.router.tls.ClientTrust;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the routes of Ingresses share with those that come after them: backends, what is counted of
/// clients, and what is remembered of their passwords.
///
/// Not shared between threads.
final class Facilities implements Surroundings {

  private static final Pattern SERVICE = Pattern.compile("([^.]+)\\.([^.]+)\\.svc(\\..*)?");

  private final World world;
  private final ServiceBackends backends;
  private final NamedObjects secrets;
  private final NamedObjects configMaps;
  private final BiConsumer<Struct, String> problems;
  private final Map<ObjectKey, Set<String>> told = new HashMap<>();
  private final Map<ObjectKey, Map<Object, Filter>> filters = new HashMap<>();

  /// By what a filter is the same as before.
  private record Key(String kind, Object settings, Object more) {}

  /// @param problems is told of an Ingress what of it is left out, and why
  Facilities(
      World world,
      ServiceBackends backends,
      NamedObjects secrets,
      NamedObjects configMaps,
      BiConsumer<Struct, String> problems) {
    this.world = world;
    this.backends = backends;
    this.secrets = secrets;
    this.configMaps = configMaps;
    this.problems = problems;
  }

  /// An Ingress has changed, or is gone.
  void changed(ObjectKey ingress, boolean gone) {
    told.remove(ingress);
    secrets.leave(ingress);
    configMaps.leave(ingress);
    if (gone) {
      filters.remove(ingress);
    }
  }

  @Override
  public Backend backend(Location location, BackendPolicy policy) {
    String namespace = Meta.of(location.ingress()).namespace();
    Annotations annotations = location.annotations();
    String instead = annotations.text("default-backend");
    return backends.of(
        ServiceBackends.Target.of(namespace, location.backend()),
        instead == null ? null : new ObjectKey(namespace, instead),
        annotations.backend().throughService(),
        policy);
  }

  @Override
  public @Nullable Backend errors(Location location) {
    String name = location.annotations().text("default-backend");
    if (name == null) {
      refuse(
          location,
          "annotation nginx.ingress.kubernetes.io/custom-http-errors has no effect without"
              + " default-backend");
      return null;
    }
    ObjectKey service = new ObjectKey(Meta.of(location.ingress()).namespace(), name);
    return backends.of(
        new ServiceBackends.Target(service, Struct.EMPTY), service, false, BackendPolicy.USUAL);
  }

  @Override
  public @Nullable Mirror mirror(Location location, String target) {
    String bare = target.replaceAll("/?\\$\\{?request_uri}?$", "");
    try {
      URI uri = URI.create(bare);
      Matcher service = SERVICE.matcher(uri.getHost() == null ? "" : uri.getHost());
      boolean plain = "http".equals(uri.getScheme()) && uri.getRawPath().matches("/?");
      if (plain && service.matches()) {
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        return new Mirror(
            backends.of(
                new ServiceBackends.Target(
                    new ObjectKey(service.group(2), service.group(1)),
                    Struct.of("number", (long) port)),
                null,
                false,
                BackendPolicy.USUAL),
            100);
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    refuse(
        location,
        "annotation nginx.ingress.kubernetes.io/mirror-target contains invalid value \""
            + target
            + "\": copies are sent to http://SERVICE.NAMESPACE.svc[:PORT]$request_uri only");
    return null;
  }

  @Override
  public void refuse(Location location, String why) {
    if (told.computeIfAbsent(ObjectKey.of(location.ingress()), _ -> new HashSet<>()).add(why)) {
      problems.accept(location.ingress(), why);
    }
  }

  private Filter kept(Location location, Key key, Supplier<Filter> make) {
    return filters
        .computeIfAbsent(ObjectKey.of(location.ingress()), _ -> new HashMap<>())
        .computeIfAbsent(key, _ -> make.get());
  }

  @Override
  public Filter passwords(Location location, AccessAnnotations.PasswordSecret named) {
    ObjectKey ingress = ObjectKey.of(location.ingress());
    Struct secret = find(secrets, named.name(), ingress);
    if (secret == null) {
      return new Refusal(503);
    }
    String file = file(secret.struct("data"), named.isMap());
    return kept(
        location,
        new Key("passwords", named, file),
        () ->
            named.isDigest()
                ? new DigestCredentials(world, DigestUsers.ofFile(file), named.realm())
                : new BasicCredentials(world, Passwords.ofFile(file), named.realm()));
  }

  /// What an annotation of an Ingress names. It must be of the same namespace, which may be said.
  private static @Nullable Struct find(NamedObjects objects, String name, ObjectKey ingress) {
    int slash = name.indexOf('/');
    boolean own = slash < 0 || name.substring(0, slash).equals(ingress.namespace());
    return own
        ? objects.find(new ObjectKey(ingress.namespace(), name.substring(slash + 1)), ingress)
        : null;
  }

  private static String file(Struct data, boolean isMap) {
    if (!isMap) {
      return decoded(data.string("auth"));
    }
    StringBuilder file = new StringBuilder();
    for (String name : data.names()) {
      file.append(name).append(':').append(decoded(data.string(name)).strip()).append('\n');
    }
    return file.toString();
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  @Override
  public ClientCheck certificates(Location location, AccessAnnotations.ClientAsked asked) {
    ObjectKey ingress = ObjectKey.of(location.ingress());
    Struct secret = find(secrets, asked.secret(), ingress);
    ClientSecrets read = secret == null ? null : ClientSecrets.read(secret);
    if (read == null) {
      return new ClientCheck(List.of(new Refusal(403)), List.of());
    }
    Filter filter =
        kept(
            location,
            new Key("certificates", asked, read),
            () ->
                new ClientCertificates(
                    world,
                    new ClientTrust(world, read.authorities(), read.revoked(), asked.depth()),
                    asked.settings()));
    boolean off = asked.settings().verify() == ClientCertificates.Verify.OFF;
    return new ClientCheck(List.of(filter), off ? List.of() : read.authorities());
  }

  @Override
  public Filter headers(Location location, String configMap) {
    Struct found = find(configMaps, configMap, ObjectKey.of(location.ingress()));
    HeaderEdits edits = found == null ? null : CustomHeaders.read(found.struct("data"));
    return edits == null ? new Refusal(503) : new ResponseHeaders(edits);
  }

  @Override
  public Filter external(Location location, AuthSettings settings) {
    return kept(
        location,
        new Key("external", settings, ""),
        () -> new ExternalAuth(world, this::find, settings));
  }

  /// Any thread.
  private InetSocketAddress find(String host, int port) throws IOException {
    Matcher service = SERVICE.matcher(host);
    if (!service.matches()) {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    }
    ObjectKey key = new ObjectKey(service.group(2), service.group(1));
    List<InetSocketAddress> ready =
        backends.endpoints(
            new ServiceBackends.Target(key, Struct.of("number", (long) port)), false);
    if (ready.isEmpty()) {
      throw new IOException("service " + key + " has no endpoint");
    }
    return ready.get(world.random().nextInt(ready.size()));
  }

  @Override
  public Filter rate(Location location, double perSecond, int burst, List<Prefix> exempt) {
    return kept(
        location,
        new Key("rate", List.of(perSecond, burst), exempt),
        () -> new RequestRate(world, perSecond, burst, exempt));
  }

  @Override
  public Filter concurrency(Location location, int most, List<Prefix> exempt) {
    return kept(
        location, new Key("concurrency", most, exempt), () -> new Concurrency(most, exempt));
  }
}
