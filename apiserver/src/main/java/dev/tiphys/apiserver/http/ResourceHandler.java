package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.endpoints.AppliedTree;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Operations;
import dev.tiphys.apiserver.endpoints.Operations.Answer;
import dev.tiphys.apiserver.endpoints.Patch;
import dev.tiphys.apiserver.endpoints.Statuses;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.http.media.Content;
import dev.tiphys.apiserver.http.media.Negotiation;
import dev.tiphys.apiserver.http.media.Negotiation.Format;
import dev.tiphys.apiserver.http.media.Negotiation.Shape;
import dev.tiphys.apiserver.http.media.ObjectEncoder;
import dev.tiphys.apiserver.http.media.Representations;
import dev.tiphys.apiserver.http.query.ListParameters;
import dev.tiphys.apiserver.http.query.QueryOptions;
import dev.tiphys.apiserver.pipeline.Router;
import dev.tiphys.apiserver.registry.DeleteRequest;
import dev.tiphys.apiserver.registry.Deleted;
import dev.tiphys.apiserver.registry.ListPage;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.apiserver.table.Tables;
import dev.tiphys.client.PatchType;
import dev.tiphys.http.Body;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.Resource.Rule;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The verbs on objects, over HTTP.
///
/// Threads: any.
final class ResourceHandler {

  private static final Type DELETE_OPTIONS =
      TypeTable.BUILT_IN.type("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");

  private static final Pattern REMOVAL = Pattern.compile("unavailable in v(\\d+\\.\\d+)\\+");

  private static final String META_SCHEME =
      "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27";

  private final Operations operations;
  private final Tables tables;
  private final WatchHandler watches;

  ResourceHandler(Operations operations, Tables tables, WatchHandler watches) {
    this.operations = operations;
    this.tables = tables;
    this.watches = watches;
  }

  void handle(ResourceRequest request) {
    noteDeprecation(request);
    boolean collection = request.target().name().isEmpty() && request.verb().equals("list");
    (collection ? Representations.COLLECTION : Representations.OBJECT)
        .checkAcceptable(request.exchange());
    switch (request.verb()) {
      case "get" -> get(request);
      case "list" -> list(request);
      case "watch" -> watches.handle(request);
      case "create" -> create(request);
      case "update" -> update(request);
      case "patch" -> patch(request);
      case "delete" -> delete(request);
      case "deletecollection" -> deleteCollection(request);
      default -> throw Router.methodNotAllowed();
    }
  }

  private static void noteDeprecation(ResourceRequest request) {
    String deprecation = request.target().endpoint().served().deprecation();
    if (deprecation.isEmpty()) {
      return;
    }
    request.call().warn(deprecation);
    request.call().annotate("k8s.io/deprecated", "true");
    Matcher removal = REMOVAL.matcher(deprecation);
    if (removal.find()) {
      request.call().annotate("k8s.io/removed-release", removal.group(1));
    }
  }

  private void get(ResourceRequest request) {
    Target target = request.target();
    Negotiation wanted = request.negotiate(true).forOne(target);
    if (!target.subresource().isEmpty()) {
      Struct below = operations.readSubresource(request.call(), target);
      Struct shown =
          wanted.shape() == Shape.TABLE
              ? Tables.ofTree(below, request.includeObject(), wanted.shapeVersion())
              : below;
      request.response().sendTree(200, shown, wanted.format(), request.call().warnings());
      return;
    }
    Stored state = operations.get(target, ListParameters.version(request.parameters()));
    send(request, wanted, state, 200);
  }

  private void send(ResourceRequest request, Negotiation wanted, Stored state, int code) {
    List<String> warnings = request.call().warnings();
    if (wanted.shape() == Shape.TABLE) {
      Struct table =
          tables.of(
              request.target().endpoint(),
              List.of(state),
              Struct.EMPTY,
              request.includeObject(),
              wanted.shapeVersion());
      request.response().sendTree(code, table, wanted.format(), warnings);
      return;
    }
    byte[] body = ObjectEncoder.state(request.target().endpoint(), state, wanted);
    request.response().sendLarge(code, wanted.format().mediaType(), Body.of(body), warnings);
  }

  private void list(ResourceRequest request) {
    Target target = request.target();
    Negotiation wanted = request.negotiate(true).forList(target);
    ListQuery query =
        new ListParameters(request.parameters(), target.namespace(), target.name()).list();
    send(request, wanted, operations.list(target, query));
  }

  private void send(ResourceRequest request, Negotiation wanted, ListPage page) {
    Target target = request.target();
    String mediaType = wanted.format().mediaType();
    List<String> warnings = request.call().warnings();
    if (wanted.shape() == Shape.OBJECT && wanted.format() == Format.JSON) {
      try {
        new JsonList(target.endpoint(), page).send(request.response(), mediaType, warnings);
      } catch (IOException e) {
        throw ApiException.internal("the client has gone: " + e.getMessage()); // this is never read
      }
      return;
    }
    Body body =
        wanted.shape() == Shape.TABLE
            ? Body.of(
                ObjectEncoder.tree(
                    tables.of(
                        target.endpoint(),
                        page.items(),
                        ListWriting.metadata(page),
                        request.includeObject(),
                        wanted.shapeVersion()),
                    wanted.format()))
            : ListWriting.list(target.endpoint(), page, wanted);
    request.response().sendLarge(200, mediaType, body, warnings);
  }

  private void create(ResourceRequest request) {
    Target target = request.target();
    Negotiation wanted = request.negotiate(true);
    Call call =
        request.call().withOptions(QueryOptions.ofWrite(request.parameters(), "CreateOptions"));
    FieldValidation.Findings findings = request.findings();
    Struct tree = Content.object(request.exchange(), request.bodySchema(), findings);
    request.response().trail().asked(tree);
    send(request, wanted, operations.create(call, target, tree, findings));
  }

  private void update(ResourceRequest request) {
    Target target = request.target();
    Negotiation wanted = request.negotiate(true);
    Call call =
        request.call().withOptions(QueryOptions.ofWrite(request.parameters(), "UpdateOptions"));
    FieldValidation.Findings findings = request.findings();
    Struct tree = Content.object(request.exchange(), request.bodySchema(), findings);
    request.response().trail().asked(tree);
    send(request, wanted, operations.update(call, target, tree, findings));
  }

  private void patch(ResourceRequest request) {
    PatchType type = Content.patchType(request.exchange());
    Negotiation wanted = request.negotiate(true);
    Struct options = QueryOptions.ofPatch(request.parameters(), type == PatchType.APPLY);
    FieldValidation.Findings findings = request.findings();
    Object content =
        type == PatchType.APPLY
            ? applied(request)
            : Content.patch(request.exchange(), type, findings);
    request.response().trail().askedBy(content);
    Patch patch = new Patch(type, content, request.parameters().isTrue("force"), findings);
    send(
        request,
        wanted,
        operations.patch(request.call().withOptions(options), request.target(), patch));
  }

  private static Struct applied(ResourceRequest request) {
    byte[] body = Content.bytes(request.exchange());
    return AppliedTree.decode(request.call(), body, request.fieldValidation());
  }

  private void send(ResourceRequest request, Negotiation wanted, Answer answer) {
    switch (answer) {
      case Answer.OfState(Stored state, boolean created) ->
          send(request, wanted, state, created ? 201 : 200);
      case Answer.OfTree(Struct tree, boolean created) ->
          request
              .response()
              .sendTree(created ? 201 : 200, tree, wanted.format(), request.call().warnings());
    }
  }

  private void delete(ResourceRequest request) {
    Target target = request.target();
    Negotiation wanted = request.negotiate(true);
    Struct options = options(request);
    Deleted deleted = operations.delete(call(request, options), target, deleteRequest(options));
    boolean shown = !deleted.gone() || target.endpoint().served().has(Rule.RETURNS_DELETED);
    Struct answer =
        shown
            ? target.endpoint().conversion().toServed(deleted.state())
            : Statuses.deleted(target.endpoint().served(), deleted.state());
    request.response().sendTree(200, answer, wanted.format(), request.call().warnings());
  }

  private void deleteCollection(ResourceRequest request) {
    Target target = request.target();
    Negotiation wanted = request.negotiate(true);
    ListQuery query = new ListParameters(request.parameters(), target.namespace(), "").list();
    Struct options = options(request);
    Call call = call(request, options);
    send(request, wanted, operations.deleteCollection(call, target, query, deleteRequest(options)));
  }

  private static DeleteRequest deleteRequest(Struct options) {
    Long grace =
        options.has("gracePeriodSeconds")
            ? Long.valueOf(options.integer("gracePeriodSeconds"))
            : null;
    String propagation = options.string("propagationPolicy");
    if (propagation.isEmpty() && options.has("orphanDependents")) {
      propagation = options.bool("orphanDependents") ? "Orphan" : "Background";
    }
    return new DeleteRequest(
        grace,
        propagation,
        options.string("preconditions", "uid"),
        options.string("preconditions", "resourceVersion"));
  }

  private static Call call(ResourceRequest request, Struct options) {
    Call call = request.call().withOptions(options.without("kind").without("apiVersion"));
    return options.strings("dryRun").contains("All") ? call.asDryRun() : call;
  }

  /// How to delete: the content says it, or the query if there is no content.
  private static Struct options(ResourceRequest request) {
    byte[] body = Content.bytes(request.exchange());
    Struct options =
        body.length > 0 ? content(request, body) : QueryOptions.delete(request.parameters());
    QueryOptions.checkDelete(options);
    request.response().trail().asked(options);
    return options;
  }

  /// Options as content. Fields that they don't have are passed over, and what can't be read is
  /// told in the bare words of the decoder, as by upstream.
  private static Struct content(ResourceRequest request, byte[] body) {
    FieldValidation.Findings ignored = FieldValidation.IGNORE.new Findings();
    try {
      Struct tree = Content.tree(request.exchange(), body, DELETE_OPTIONS, ignored);
      if (!tree.string("kind").isEmpty() && !tree.string("kind").equals("DeleteOptions")) {
        throw ApiException.badRequest(
            "no kind \"%s\" is registered for version \"%s\" in scheme \"%s\""
                .formatted(tree.string("kind"), tree.string("apiVersion"), META_SCHEME));
      }
      Struct named =
          StructBuilder.from(tree).add("apiVersion", "v1").add("kind", "DeleteOptions").build();
      return DELETE_OPTIONS.normalize(named, ignored::unknown);
    } catch (EncodingException | DecodingException e) {
      throw ApiException.badRequest(String.valueOf(e.getMessage()));
    }
  }
}
