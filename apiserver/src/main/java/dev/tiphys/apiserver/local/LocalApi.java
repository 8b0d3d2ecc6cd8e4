package dev.tiphys.apiserver.local;

import dev.tiphys.apiserver.aggregation.RemoteApis;
import dev.tiphys.apiserver.audit.Trail;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Operations;
import dev.tiphys.apiserver.endpoints.Patch;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.openapi.OpenApi;
import dev.tiphys.apiserver.pipeline.Pipeline;
import dev.tiphys.apiserver.pipeline.Request;
import dev.tiphys.apiserver.pipeline.RequestInfo;
import dev.tiphys.apiserver.pipeline.Route;
import dev.tiphys.apiserver.pipeline.Router;
import dev.tiphys.apiserver.pipeline.Sender;
import dev.tiphys.apiserver.registry.DeleteRequest;
import dev.tiphys.apiserver.registry.ListPage;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.ListQuery.Version;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.reviews.Reviews;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Cause;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectList;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.ServedResource;
import dev.tiphys.client.ServedResources;
import dev.tiphys.client.WatchOptions;
import dev.tiphys.client.WatchStream;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The API for one caller in the server's own process.
///
/// Threads: any.
public final class LocalApi implements Api {

  /// What is done by metadata alone, by callers that need no more.
  private static final Set<String> BY_METADATA =
      Set.of("get", "list", "watch", "delete", "deletecollection");

  private final Catalog catalog;
  private final RemoteApis others;
  private final OpenApi descriptions;
  private final Operations operations;
  private final Pipeline pipeline;
  private final Reviews reviews;
  private final Sender.InProcess sender;
  private final String part;
  private final String manager;
  private final boolean metadataOnly;

  /// @param others what other servers serve
  /// @param descriptions what this server serves, described
  /// @param reviews what answers questions that are no objects
  /// @param user in whose name requests are made
  /// @param part what traces call the caller
  /// @param manager the manager of the fields that are written
  public LocalApi(
      Catalog catalog,
      RemoteApis others,
      OpenApi descriptions,
      Operations operations,
      Pipeline pipeline,
      Reviews reviews,
      UserInfo user,
      String part,
      String manager) {
    this(
        catalog,
        others,
        descriptions,
        operations,
        pipeline,
        reviews,
        new Sender.InProcess(user),
        part,
        manager,
        false);
  }

  private LocalApi(
      Catalog catalog,
      RemoteApis others,
      OpenApi descriptions,
      Operations operations,
      Pipeline pipeline,
      Reviews reviews,
      Sender.InProcess sender,
      String part,
      String manager,
      boolean metadataOnly) {
    this.catalog = catalog;
    this.others = others;
    this.descriptions = descriptions;
    this.operations = operations;
    this.pipeline = pipeline;
    this.reviews = reviews;
    this.sender = sender;
    this.part = part;
    this.manager = manager;
    this.metadataOnly = metadataOnly;
  }

  @Override
  public Api ofMetadata() {
    return like(manager, true);
  }

  @Override
  public Api managing(String other) {
    return like(other, metadataOnly);
  }

  private LocalApi like(String writer, boolean ofMetadata) {
    return new LocalApi(
        catalog,
        others,
        descriptions,
        operations,
        pipeline,
        reviews,
        sender,
        part,
        writer,
        ofMetadata);
  }

  @Override
  public Struct get(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      Map<String, String> query) {
    return serve(
        "get",
        subject(resource, namespace, name, subresource),
        (call, target) ->
            subresource.isEmpty()
                ? target.endpoint().present(operations.get(target, new Version.Newest()))
                : operations.readSubresource(call, target),
        other -> other.get(resource, namespace, name, subresource, query));
  }

  @Override
  public ObjectList list(ApiResource resource, String namespace, ListOptions options) {
    return serve(
        collective("list", resource, namespace, options.fieldSelector(), options.labelSelector()),
        (_, target) -> {
          ListPage page = operations.list(target, query(namespace, options));
          return new ObjectList(
              page.items().stream().map(target.endpoint()::present).toList(),
              Long.toString(page.revision()),
              page.continueToken());
        },
        other -> other.list(resource, namespace, options));
  }

  private static ListQuery query(String namespace, ListOptions options) {
    String version = options.resourceVersion();
    return new ListQuery(
        namespace,
        labels(options.labelSelector()),
        fields(options.fieldSelector()),
        version.isEmpty() ? new Version.Newest() : new Version.NotOlderThan(revision(version)),
        options.limit(),
        options.continueToken());
  }

  private static LabelSelector labels(String selector) {
    try {
      return LabelSelector.parse(selector);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static FieldSelector fields(String selector) {
    try {
      return FieldSelector.parse(selector);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static long revision(String version) {
    try {
      return Long.parseLong(version);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("invalid resource version: \"" + version + "\"");
    }
  }

  @Override
  public WatchStream watch(ApiResource resource, String namespace, WatchOptions options) {
    return serve(
        collective("watch", resource, namespace, options.fieldSelector(), options.labelSelector()),
        (_, target) -> watch(target, namespace, options),
        other -> other.watch(resource, namespace, options));
  }

  private WatchStream watch(Target target, String namespace, WatchOptions options) {
    long revision = options.resourceVersion().isEmpty() ? 0 : revision(options.resourceVersion());
    WatchQuery.Start start =
        revision == 0
            ? new WatchQuery.Start.Existing(new Version.Newest(), false)
            : new WatchQuery.Start.After(revision);
    WatchQuery query =
        new WatchQuery(
            namespace, labels(options.labelSelector()), fields(options.fieldSelector()), start);
    return new LocalWatch(operations.watch(target, query), target.endpoint());
  }

  @Override
  public Struct create(ApiResource resource, Struct object) {
    return create(resource, object.string("metadata", "namespace"), "", "", object);
  }

  @Override
  public Struct createSubresource(
      ApiResource resource, String namespace, String name, String subresource, Struct object) {
    return create(resource, namespace, name, subresource, object);
  }

  private Struct create(
      ApiResource resource, String namespace, String name, String subresource, Struct object) {
    return serve(
        "create",
        subject(resource, namespace, name, subresource),
        object,
        new Operation<>() {
          @Override
          public Struct on(Call call, Target target) {
            return operations.create(call, target, object, findings()).tree(target.endpoint());
          }

          @Override
          public Struct onVirtual(Call call, Resource virtual) {
            return reviews.answer(call, virtual, namespace, object, findings());
          }
        },
        other ->
            subresource.isEmpty()
                ? other.create(resource, object)
                : other.createSubresource(resource, namespace, name, subresource, object));
  }

  @Override
  public Struct update(ApiResource resource, Struct object, String subresource) {
    Struct metadata = object.struct("metadata");
    return serve(
        "update",
        subject(resource, metadata.string("namespace"), metadata.string("name"), subresource),
        object,
        (call, target) ->
            operations.update(call, target, object, findings()).tree(target.endpoint()),
        other -> other.update(resource, object, subresource));
  }

  @Override
  public Struct patch(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      PatchType type,
      Object patch) {
    return serve(
        "patch",
        subject(resource, namespace, name, subresource),
        patch,
        (call, target) ->
            operations
                .patch(
                    call,
                    target,
                    new Patch(type, patch, true, FieldValidation.IGNORE.new Findings()))
                .tree(target.endpoint()),
        other -> other.patch(resource, namespace, name, subresource, type, patch));
  }

  @Override
  public Struct delete(ApiResource resource, String namespace, String name, DeleteOptions options) {
    return serve(
        "delete",
        subject(resource, namespace, name, ""),
        (call, target) -> operations.delete(call, target, deleteRequest(options)).state(),
        other -> other.delete(resource, namespace, name, options));
  }

  @Override
  public void deleteCollection(
      ApiResource resource, String namespace, ListOptions which, DeleteOptions options) {
    serve(
        collective(
            "deletecollection", resource, namespace, which.fieldSelector(), which.labelSelector()),
        (call, target) -> {
          operations.deleteCollection(
              call, target, query(namespace, which), deleteRequest(options));
          return Struct.EMPTY;
        },
        other -> {
          other.deleteCollection(resource, namespace, which, options);
          return Struct.EMPTY;
        });
  }

  @Override
  public ServedResources discover() {
    List<ServedResource> served = new ArrayList<>();
    for (Registry registry : catalog.registries()) {
      Resource resource = registry.resource();
      served.add(
          new ServedResource(
              new ApiResource(
                  resource.groupVersion(),
                  resource.plural(),
                  resource.kind(),
                  resource.namespaced()),
              resource.verbs()));
    }
    return others.with(served);
  }

  @Override
  public Struct describe(GroupVersion version) {
    Api other = others.find(version.group(), version.version(), sender.user(), part);
    if (other != null) {
      return other.describe(version);
    }
    OpenApi.Document document = descriptions.find(version.path().substring(1));
    if (document == null) {
      throw Router.noSuchResource();
    }
    return Json.struct(document.content());
  }

  private static DeleteRequest deleteRequest(DeleteOptions options) {
    return new DeleteRequest(
        options.gracePeriodSeconds() < 0 ? null : options.gracePeriodSeconds(),
        options.propagation(),
        options.uid(),
        options.resourceVersion());
  }

  private static FieldValidation.Findings findings() {
    return FieldValidation.IGNORE.new Findings();
  }

  private static Subject.OfResource subject(
      ApiResource resource, String namespace, String name, String subresource) {
    return new Subject.OfResource(
        resource.groupVersion().group(),
        resource.groupVersion().version(),
        resource.plural(),
        subresource,
        namespace,
        name);
  }

  /// An operation, once it is known that it may be done and on what.
  interface Operation<T> {
    T on(Call call, Target target);

    /// The same of a resource that has no objects.
    default T onVirtual(Call call, Resource virtual) {
      throw Router.noSuchResource();
    }
  }

  /// An operation on another server.
  private interface Elsewhere<T> {
    T at(Api other);
  }

  /// What is asked for, and of which resource.
  ///
  /// @param subject the resource, without the name that a selector pins
  /// @param content the object or the patch that comes with it; null if there is none
  private record Wanted(RequestInfo info, Subject.OfResource subject, @Nullable Object content) {

    void tell(Trail trail) {
      if (content instanceof Struct object && !info.verb().equals("patch")) {
        trail.asked(object);
      } else if (content != null) {
        trail.askedBy(content);
      }
    }
  }

  private static Wanted collective(
      String verb, ApiResource resource, String namespace, String fields, String labels) {
    Subject.OfResource subject = subject(resource, namespace, "", "");
    return new Wanted(RequestInfo.ofResource(verb, subject, fields, labels), subject, null);
  }

  private <T> T serve(
      String verb, Subject.OfResource subject, Operation<T> operation, Elsewhere<T> elsewhere) {
    return serve(verb, subject, null, operation, elsewhere);
  }

  private <T> T serve(
      String verb,
      Subject.OfResource subject,
      @Nullable Object content,
      Operation<T> operation,
      Elsewhere<T> elsewhere) {
    return serve(
        new Wanted(new RequestInfo(verb, subject), subject, content), operation, elsewhere);
  }

  private <T> T serve(Wanted wanted, Operation<T> operation, Elsewhere<T> elsewhere) {
    Trail trail = pipeline.auditor().beginHere(() -> LocalUri.of(wanted.info), manager);
    try {
      T result = serve(wanted, trail, operation, elsewhere);
      if (result instanceof Struct object) {
        trail.answered(object);
      }
      trail.started(wanted.info.verb().equals("create") ? 201 : 200);
      trail.complete();
      return result;
    } catch (ApiException e) {
      trail.answered(e.status());
      trail.started(e.code());
      trail.complete();
      throw e;
    } catch (RuntimeException | Error e) {
      trail.failed(e);
      throw e;
    }
  }

  private <T> T serve(Wanted wanted, Trail trail, Operation<T> operation, Elsewhere<T> elsewhere) {
    String verb = wanted.info.verb();
    Subject.OfResource subject = wanted.subject;
    Request request =
        new Request(
            sender, wanted.info, part, manager, Cause.revision(), false, null, trail, most -> 1);
    return pipeline.serve(
        request,
        call -> {
          wanted.tell(trail);
          Api other = others.find(subject.group(), subject.version(), call.user(), part);
          if (other != null) {
            return elsewhere.at(other);
          }
          return switch (pipeline.router().route(verb, subject)) {
            case Route.ToObjects(Target target) ->
                operation.on(
                    call,
                    metadataOnly && BY_METADATA.contains(verb) ? target.ofMetadata() : target);
            case Route.ToVirtual(Resource virtual) -> operation.onVirtual(call, virtual);
          };
        });
  }
}
