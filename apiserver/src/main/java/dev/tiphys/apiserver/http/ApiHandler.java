package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.aggregation.Passing;
import dev.tiphys.apiserver.audit.Trail;
import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.fairness.Overload;
import dev.tiphys.apiserver.http.media.Negotiation;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.apiserver.http.query.RequestTimeout;
import dev.tiphys.apiserver.metrics.RequestMetrics;
import dev.tiphys.apiserver.pipeline.Pipeline;
import dev.tiphys.apiserver.pipeline.Request;
import dev.tiphys.apiserver.pipeline.RequestInfo;
import dev.tiphys.apiserver.pipeline.Route;
import dev.tiphys.apiserver.pipeline.Router;
import dev.tiphys.apiserver.pipeline.Sender;
import dev.tiphys.apiserver.registry.ObjectNames;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.client.Cause;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.HttpHandler;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.world.World;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/// The door for HTTP: finds out what each request is about, takes it through the pipeline, and
/// hands it to what answers it.
///
/// Threads: any; each request on its own virtual thread.
public final class ApiHandler implements HttpHandler {

  private static final int LONGEST_MANAGER = 128;
  private static final String AGGREGATOR = "aggregator";

  /// What a request is about that is about no resource.
  private static final Subject.OfResource NOTHING = new Subject.OfResource("", "", "", "", "", "");

  private final World world;
  private final Catalog catalog;
  private final Authentication authentication;
  private final Pipeline pipeline;
  private final RequestMetrics metrics;
  private final ServerHandler server;
  private final ResourceHandler resources;
  private final Connectors connectors;
  private final ReviewHandler reviews;
  private final Passing passing;

  ApiHandler(
      World world,
      Catalog catalog,
      Authentication authentication,
      Pipeline pipeline,
      RequestMetrics metrics,
      ServerHandler server,
      ResourceHandler resources,
      Connectors connectors,
      ReviewHandler reviews,
      Passing passing) {
    this.world = world;
    this.catalog = catalog;
    this.authentication = authentication;
    this.pipeline = pipeline;
    this.metrics = metrics;
    this.server = server;
    this.resources = resources;
    this.connectors = connectors;
    this.reviews = reviews;
    this.passing = passing;
  }

  @Override
  public void handle(Exchange exchange) {
    String given = exchange.header("audit-id");
    String id = given == null ? ObjectNames.uid(world.random()) : given;
    Trail trail = pipeline.auditor().begin(() -> Arrivals.of(exchange, id, world.now()));
    ResponseWriter response = new ResponseWriter(exchange, id, trail);
    try {
      answer(exchange, response);
    } catch (RuntimeException | Error e) {
      trail.failed(e);
      throw e;
    }
    trail.complete();
  }

  private void answer(Exchange exchange, ResponseWriter response) {
    try {
      switch (RequestPath.parse(exchange.path())) {
        case RequestPath.Malformed() -> response.sendText(400, "400 Bad Request");
        case RequestPath.OfServer(String path) -> serve(path, response);
        case RequestPath.OfResource path -> serve(path, response);
      }
    } catch (ApiException e) {
      refuse(e, response, List.of());
    } catch (Overload e) {
      response.refuse(e);
    }
  }

  private static void refuse(ApiException e, ResponseWriter response, List<String> warnings) {
    response.refuse(e, refusalFormat(response.exchange()), warnings);
  }

  private static Negotiation.Format refusalFormat(Exchange exchange) {
    try {
      return Negotiation.of(exchange.header("accept"), true).format();
    } catch (ApiException e) {
      return Negotiation.Format.JSON; // it was this that was refused
    }
  }

  private void serve(String path, ResponseWriter response) {
    Exchange exchange = response.exchange();
    Parameters parameters = new Parameters(exchange.query());
    String verb = exchange.method().toLowerCase(Locale.ROOT);
    RequestInfo info = new RequestInfo(verb, new Subject.OfPath(path));
    RequestTimeout.check(parameters);
    countingOverload(
        verb,
        NOTHING,
        () ->
            pipeline.serve(
                request(info, response, parameters, most -> 1),
                call -> {
                  Runnable refused = () -> metrics.terminated(verb, NOTHING, AGGREGATOR, 503);
                  if (!passing.passPath(path, response, call.user(), refused)) {
                    server.handle(path, response, parameters);
                  }
                  return response;
                }));
  }

  private void serve(RequestPath.OfResource path, ResponseWriter response) {
    Exchange exchange = response.exchange();
    Parameters parameters = new Parameters(exchange.query());
    String verb = verb(exchange.method(), path, parameters);
    RequestInfo info =
        RequestInfo.ofResource(
            verb,
            path.subject(),
            parameters.text("fieldSelector"),
            parameters.text("labelSelector"));
    if (!info.isLongRunning()) {
      RequestTimeout.check(parameters);
    }
    countingOverload(
        info.verb(),
        path.subject(),
        () ->
            pipeline.serve(
                request(info, response, parameters, most -> seats(info, parameters, most)),
                call -> {
                  dispatch(path, info.verb(), new Incoming(response, call, parameters));
                  return response;
                }));
  }

  /// Counts a request that is refused because there are too many, by names of ours.
  private void countingOverload(String verb, Subject.OfResource subject, Runnable serving) {
    try {
      serving.run();
    } catch (Overload e) {
      metrics.terminated(verb, isServed(verb, subject) ? subject : NOTHING, "apiserver", 429);
      throw e;
    }
  }

  private boolean isServed(String verb, Subject.OfResource subject) {
    try {
      Route _ = pipeline.router().route(verb, subject);
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  private int seats(RequestInfo info, Parameters parameters, int most) {
    return info.subject() instanceof Subject.OfResource resource
        ? ListWork.seats(catalog, info.verb(), resource, parameters, most)
        : 1;
  }

  private Request request(
      RequestInfo info, ResponseWriter response, Parameters parameters, IntUnaryOperator seats) {
    Exchange exchange = response.exchange();
    String manager = manager(exchange, parameters);
    return new Request(
        new Sender.OverHttp(authentication, exchange, response::add),
        info,
        manager,
        manager,
        cause(exchange),
        parameters.all("dryRun").contains("All"),
        world.now(),
        response.trail(),
        seats);
  }

  /// A request whose sender was let through.
  private record Incoming(ResponseWriter response, Call call, Parameters parameters) {}

  private void dispatch(RequestPath.OfResource path, String verb, Incoming incoming) {
    Subject.OfResource subject = path.subject();
    // what others serve is told by the group alone: names within it may be anything
    Subject.OfResource group =
        new Subject.OfResource(subject.group(), subject.version(), "", "", "", "");
    if (passing.pass(
        subject.group(),
        subject.version(),
        incoming.response,
        incoming.call.user(),
        () -> metrics.terminated(verb, group, AGGREGATOR, 503))) {
      return;
    }
    Route route;
    try {
      route = pipeline.router().route(verb, path.subject());
    } catch (ApiException e) {
      if (pipeline.router().serves(path.subject().group())) {
        throw e;
      }
      ServerHandler.notFound(incoming.response);
      return;
    }
    if (!path.rest().isEmpty() && !path.isProxied()) {
      throw Router.noSuchResource();
    }
    if (path.watch() && !incoming.response.exchange().method().equals("GET")) {
      throw Router.methodNotAllowed();
    }
    // only now is anything counted: what is counted by must be names of ours, not of clients
    metrics.measure(
        verb,
        path.subject(),
        incoming.response::status,
        () -> {
          try {
            answer(route, path, verb, incoming);
          } catch (ApiException e) {
            refuse(e, incoming.response, incoming.call.warnings());
          }
        });
  }

  private void answer(Route route, RequestPath.OfResource path, String verb, Incoming incoming) {
    switch (route) {
      case Route.ToVirtual(var resource) ->
          reviews.answer(
              resource, path.subject(), incoming.response, incoming.call, incoming.parameters);
      case Route.ToObjects(var target) -> {
        ResourceRequest request =
            new ResourceRequest(
                incoming.response, incoming.call, verb, target, path.rest(), incoming.parameters);
        if (!connectors.connect(request)) {
          resources.handle(request);
        }
      }
    }
  }

  private static String verb(String method, RequestPath.OfResource path, Parameters parameters) {
    boolean named = !path.subject().name().isEmpty();
    return switch (method) {
      case "GET" -> {
        if (path.watch() || !named && parameters.isTrue("watch")) {
          yield "watch";
        }
        yield named ? "get" : "list";
      }
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> named ? "delete" : "deletecollection";
      case "HEAD" -> path.isProxied() ? "get" : "head";
      case "OPTIONS" -> path.isProxied() ? "" : "options";
      default -> method.toLowerCase(Locale.ROOT);
    };
  }

  /// The manager of what is written: the one that the client names, or its program.
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
    String program = printable(slash < 0 ? agent : agent.substring(0, slash));
    return program.isEmpty() ? "unknown" : program;
  }

  /// The printable characters of a name, as many as a manager's may have.
  private static String printable(String name) {
    StringBuilder printable = new StringBuilder();
    name.codePoints()
        .filter(c -> GoText.isPrintable(c))
        .takeWhile(_ -> printable.length() < LONGEST_MANAGER)
        .forEach(printable::appendCodePoint);
    return printable.toString();
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
