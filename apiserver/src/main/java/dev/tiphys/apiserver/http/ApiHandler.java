package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.metrics.RequestMetrics;
import dev.tiphys.apiserver.metrics.RequestMetrics.Scope;
import dev.tiphys.apiserver.registry.Catalog;
import dev.tiphys.apiserver.registry.Endpoint;
import dev.tiphys.apiserver.registry.ObjectNames;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.Cause;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.HttpHandler;
import dev.tiphys.schema.Resource;
import dev.tiphys.world.World;
import java.util.List;
import java.util.Locale;

/// Takes every request: finds out what it is about and who sent it, lets it through or refuses it,
/// and hands it on.
///
/// Threads: any; each request on its own virtual thread.
public final class ApiHandler implements HttpHandler {

  private static final int LONGEST_MANAGER = 128;

  private final World world;
  private final Catalog catalog;
  private final Authentication authentication;
  private final Authorizer authorizer;
  private final Limits limits;
  private final RequestMetrics metrics;
  private final ServerHandler server;
  private final ResourceHandler resources;
  private final Connectors connectors;
  private final Reviews reviews;

  ApiHandler(
      World world,
      Catalog catalog,
      Authentication authentication,
      Authorizer authorizer,
      Limits limits,
      RequestMetrics metrics,
      ServerHandler server,
      ResourceHandler resources,
      Connectors connectors,
      Reviews reviews) {
    this.world = world;
    this.catalog = catalog;
    this.authentication = authentication;
    this.authorizer = authorizer;
    this.limits = limits;
    this.metrics = metrics;
    this.server = server;
    this.resources = resources;
    this.connectors = connectors;
    this.reviews = reviews;
  }

  @Override
  public void handle(Exchange exchange) {
    String given = exchange.header("audit-id");
    Answering answering =
        new Answering(exchange, given == null ? ObjectNames.uid(world.random()) : given);
    try {
      UserInfo user = authentication.identify(exchange);
      switch (RequestPath.parse(exchange.path())) {
        case RequestPath.OfServer(String path) -> handleServer(path, user, answering);
        case RequestPath.OfResource path -> handleResource(path, user, answering);
      }
    } catch (ApiException e) {
      answering.refuse(e, refusalFormat(exchange), List.of());
    }
  }

  private static Negotiation.Format refusalFormat(Exchange exchange) {
    try {
      return Negotiation.of(exchange.header("accept"), true).format();
    } catch (ApiException e) {
      return Negotiation.Format.JSON; // it was this that was refused
    }
  }

  private void handleServer(String path, UserInfo user, Answering answering) {
    String verb = answering.exchange().method().toLowerCase(Locale.ROOT);
    authorizer.check(new Attributes(user, verb, new Subject.OfPath(path)));
    server.handle(path, answering, new Parameters(answering.exchange().query()));
  }

  private void handleResource(RequestPath.OfResource path, UserInfo user, Answering answering) {
    Exchange exchange = answering.exchange();
    Parameters parameters = new Parameters(exchange.query());
    String verb = verb(exchange.method(), path, parameters);
    authorizer.check(
        new Attributes(
            user,
            verb,
            new Subject.OfResource(
                path.groupVersion().group(),
                path.groupVersion().version(),
                path.plural(),
                path.subresource(),
                path.namespace(),
                path.name())));
    Call call =
        new Call(
                user,
                manager(exchange, parameters),
                cause(exchange),
                parameters.all("dryRun").contains("All"))
            .receivedAt(world.now());
    metrics.measure(
        verb,
        path.groupVersion(),
        path.plural(),
        path.subresource(),
        scope(path),
        answering::status,
        () ->
            limits.within(
                verb, () -> dispatch(path, verb, new Incoming(answering, call, parameters))));
  }

  private static Scope scope(RequestPath.OfResource path) {
    if (!path.name().isEmpty()) {
      return Scope.RESOURCE;
    }
    return path.namespace().isEmpty() ? Scope.CLUSTER : Scope.NAMESPACE;
  }

  /// A request whose sender was let through.
  private record Incoming(Answering answering, Call call, Parameters parameters) {}

  private void dispatch(RequestPath.OfResource path, String verb, Incoming incoming) {
    try {
      Endpoint endpoint = catalog.find(path.groupVersion(), path.plural());
      if (endpoint == null) {
        dispatchVirtual(path, verb, incoming);
        return;
      }
      check(endpoint.served(), path, verb, incoming.answering.exchange().method());
      Target target = new Target(endpoint, path.subresource(), path.namespace(), path.name());
      ResourceRequest request =
          new ResourceRequest(
              incoming.answering, incoming.call, verb, target, path.rest(), incoming.parameters);
      if (!connectors.connect(request)) {
        resources.handle(request);
      }
    } catch (ApiException e) {
      incoming.answering.refuse(
          e, refusalFormat(incoming.answering.exchange()), incoming.call.warnings());
    }
  }

  private void dispatchVirtual(RequestPath.OfResource path, String verb, Incoming incoming) {
    Resource resource = catalog.findVirtual(path.groupVersion(), path.plural());
    if (resource == null && !catalog.serves(path.groupVersion())) {
      ServerHandler.notFound(incoming.answering);
      return;
    }
    if (resource == null) {
      throw ServerHandler.noSuchResource();
    }
    if (!resource.verbs().contains(verb)) {
      throw ResourceRequest.methodNotAllowed();
    }
    reviews.answer(resource, path, incoming.answering, incoming.call, incoming.parameters);
  }

  private static void check(
      Resource resource, RequestPath.OfResource path, String verb, String method) {
    boolean misplaced =
        resource.namespaced()
            ? path.namespace().isEmpty() && !path.name().isEmpty()
            : !path.namespace().isEmpty();
    if (misplaced) {
      throw ServerHandler.noSuchResource();
    }
    if (path.subresource().isEmpty()) {
      if (!resource.verbs().contains(verb) || !isPossible(resource, path, method)) {
        throw ResourceRequest.methodNotAllowed();
      }
      return;
    }
    Resource.Subresource below = resource.subresource(path.subresource());
    if (below == null) {
      throw ServerHandler.noSuchResource();
    }
    if (!below.verbs().contains(verb)) {
      throw ResourceRequest.methodNotAllowed();
    }
  }

  /// Whether a method goes with a path: objects are created in a collection, changed by their name,
  /// and those of all namespaces together are only looked at.
  private static boolean isPossible(Resource resource, RequestPath.OfResource path, String method) {
    return switch (method) {
      case "POST" -> path.name().isEmpty() && isOneCollection(resource, path);
      case "PUT", "PATCH" -> !path.name().isEmpty();
      case "DELETE" -> !path.name().isEmpty() || isOneCollection(resource, path);
      default -> true;
    };
  }

  private static boolean isOneCollection(Resource resource, RequestPath.OfResource path) {
    return !resource.namespaced() || !path.namespace().isEmpty();
  }

  private static String verb(String method, RequestPath.OfResource path, Parameters parameters) {
    return switch (method) {
      case "GET" -> {
        boolean watch = path.watch() || parameters.isTrue("watch");
        if (watch && path.subresource().isEmpty()) {
          yield "watch";
        }
        yield path.name().isEmpty() ? "list" : "get";
      }
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> path.name().isEmpty() ? "deletecollection" : "delete";
      default -> method.toLowerCase(Locale.ROOT);
    };
  }

  /// Who counts as the manager of what is written: who the client says, or the client program.
  private static String manager(Exchange exchange, Parameters parameters) {
    String named = parameters.text("fieldManager");
    if (!named.isEmpty()) {
      return named;
    }
    String agent = exchange.header("user-agent");
    if (agent == null) {
      return "unknown";
    }
    int slash = agent.indexOf('/');
    String program = slash < 0 ? agent : agent.substring(0, slash);
    return program.length() > LONGEST_MANAGER ? program.substring(0, LONGEST_MANAGER) : program;
  }

  private static long cause(Exchange exchange) {
    String header = exchange.header(Cause.HEADER);
    try {
      return header == null ? 0 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
