package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.fieldmanagement.FieldManager.Applied;
import dev.tiphys.apiserver.fieldmanagement.Owners.UnreadableException;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.merge.FieldSet;
import dev.tiphys.object.merge.MergeException;
import dev.tiphys.object.merge.MergeTyping;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.defaults.Defaults;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.world.World;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Field management of every write: the owners of what is created and updated, and server-side
/// apply.
///
/// Objects are in the version that is stored, if they are of the kind of the resource; those of a
/// subresource with a kind of its own, such as a Scale, are of that.
///
/// Threads: any.
public final class FieldManagement {

  private static final System.Logger LOG = System.getLogger(FieldManagement.class.getName());
  private static final String BEFORE_APPLY = "before-first-apply";

  private final BiFunction<GroupVersion, String, @Nullable Endpoint> endpoints;
  private final World world;

  /// @param endpoints finds a resource by its version and plural; null if it is not served
  public FieldManagement(
      BiFunction<GroupVersion, String, @Nullable Endpoint> endpoints, World world) {
    this.endpoints = endpoints;
    this.world = world;
  }

  /// A way of writing objects.
  ///
  /// @param endpoint the resource, in the version of the request
  /// @param subresource by way of which objects are written; empty for the object itself
  public record Way(Endpoint endpoint, String subresource) {

    /// The subresource, if it has a kind of its own.
    private Resource.@Nullable Subresource foreign() {
      Resource.Subresource below = endpoint.served().subresource(subresource);
      return below == null || below.kind().equals(endpoint.served().kind()) ? null : below;
    }

    private GroupVersion groupVersion() {
      Resource.Subresource foreign = foreign();
      return foreign == null ? endpoint.served().groupVersion() : foreign.groupVersion();
    }

    private String kind() {
      Resource.Subresource foreign = foreign();
      return foreign == null ? endpoint.served().kind() : foreign.kind();
    }

    private Struct served(Struct object) {
      return foreign() == null ? endpoint.conversion().toServed(object) : object;
    }

    private Struct stored(Struct object) {
      return foreign() == null ? endpoint.conversion().toStored(object) : object;
    }

    /// As messages name a kind: `apps/v1, Kind=Deployment`.
    private static String text(GroupVersion groupVersion, String kind) {
      return groupVersion.group() + "/" + groupVersion.version() + ", Kind=" + kind;
    }
  }

  /// A new object, with the caller as the owner of all that is in it.
  ///
  /// @param object in the version of the request
  public Struct created(Call call, Endpoint endpoint, Struct object) {
    Way way = new Way(endpoint, "");
    Struct empty = empty(endpoint.served());
    return owned(call, way, empty, object, managed -> managed);
  }

  /// The object that an upstream server starts from when it makes one.
  private static Struct empty(Resource served) {
    Struct empty =
        switch (served.schema()) {
          case Type type -> type.zero();
          case StructuralSchema _ -> Struct.EMPTY;
        };
    return StructBuilder.from(empty)
        .add("apiVersion", served.groupVersion().toString())
        .add("kind", served.kind())
        .build();
  }

  /// A changed object, with the caller as the owner of all that it changed.
  public Struct updated(Call call, Way way, Struct live, Struct next) {
    return live.isEmpty() ? next : owned(call, way, way.served(live), way.served(next), _ -> next);
  }

  /// @param result what the object becomes that was compared
  private Struct owned(Call call, Way way, Struct live, Struct next, UnaryOperator<Struct> result) {
    FieldManager manager = manager(way);
    Struct object = result.apply(next);
    Map<Manager, Ownership> owners =
        manager.claimed(live.struct("metadata"), next.struct("metadata"));
    boolean exists = !live.string("metadata", "uid").isEmpty();
    if (owners.isEmpty() && exists) {
      return Owners.without(object); // not tracked before it is applied for the first time
    }
    try {
      return Owners.write(
          object,
          manager.update(
              Owners.without(live), Owners.without(next), owners, call.manager(), now()));
    } catch (MergeException | DecodingException | EncodingException | ApiException e) {
      LOG.log(System.Logger.Level.DEBUG, "the owners of fields are lost: {0}", e.getMessage());
      return Owners.without(object);
    }
  }

  /// What an object becomes when the caller applies `wanted`.
  ///
  /// @param live the object as it is; empty if it does not exist
  /// @param wanted what the caller says, in the version of the request
  /// @param force whether to take what others own
  /// @throws ApiException `CONFLICT` if others own what is to change, and it is not taken from them
  public Struct applied(Call call, Way way, Struct live, Struct wanted, boolean force) {
    checkKind(way, wanted);
    Struct present = live.isEmpty() ? empty(way.endpoint().served()) : way.served(live);
    FieldManager manager = manager(way);
    Map<Manager, Ownership> owners = owners(present);
    Struct bare = Owners.without(present);
    String now = now();
    try {
      if (owners.isEmpty() && !live.isEmpty()) {
        owners =
            manager.update(
                empty(way.endpoint().served()), bare, new LinkedHashMap<>(), BEFORE_APPLY, now);
      }
      checkTyping(way, wanted);
      Applied applied = applied(call, manager, bare, wanted, owners, force, now);
      Struct complete = complete(way, applied.object());
      Struct told =
          call.manager().equals(LastApplied.MANAGER)
              ? LastApplied.renewed(complete, wanted)
              : complete;
      return way.stored(Owners.write(told, applied.owners()));
    } catch (MergeException e) {
      throw ApiException.of(Reason.UNKNOWN, "failed to merge config: " + e.getMessage());
    } catch (DecodingException | EncodingException e) {
      throw ApiException.of(Reason.UNKNOWN, "failed to convert live object: " + e.getMessage());
    } catch (ApplyConflict e) {
      throw e.refusal();
    }
  }

  private static Applied applied(
      Call call,
      FieldManager manager,
      Struct live,
      Struct wanted,
      Map<Manager, Ownership> owners,
      boolean force,
      String now)
      throws ApplyConflict {
    try {
      return manager.apply(live, wanted, owners, call.manager(), force, now);
    } catch (ApplyConflict e) {
      if (!call.manager().equals(LastApplied.MANAGER)) {
        throw e;
      }
      FieldSet allowed = LastApplied.unchanged(live, manager.own());
      if (allowed.isEmpty() || !e.fields().isSubsetOf(allowed)) {
        throw e.without(allowed);
      }
      return manager.apply(live, wanted, owners, call.manager(), true, now);
    }
  }

  private static void checkKind(Way way, Struct wanted) {
    String apiVersion = wanted.string("apiVersion");
    GroupVersion given =
        apiVersion.isEmpty() ? new GroupVersion("", "") : GroupVersion.parse(apiVersion);
    if (!given.equals(way.groupVersion()) || !wanted.string("kind").equals(way.kind())) {
      throw ApiException.badRequest(
          "invalid object type: " + Way.text(given, wanted.string("kind")));
    }
    if (wanted.get("metadata", "managedFields") != null) {
      throw ApiException.badRequest("metadata.managedFields must be nil");
    }
  }

  private static Map<Manager, Ownership> owners(Struct live) {
    try {
      return Owners.read(live.struct("metadata"));
    } catch (UnreadableException e) {
      throw ApiException.of(Reason.UNKNOWN, "failed to decode managed fields: " + e.getMessage());
    }
  }

  private void checkTyping(Way way, Struct wanted) {
    try {
      MergeTyping.check(wanted, schema(way).merging());
    } catch (MergeException e) {
      throw ApiException.of(
          Reason.UNKNOWN,
          "failed to create typed patch object (" + named(way, wanted) + "): " + e.getMessage());
    }
  }

  private static String named(Way way, Struct object) {
    return object.string("metadata", "namespace")
        + "/"
        + object.string("metadata", "name")
        + "; "
        + Way.text(way.groupVersion(), way.kind());
  }

  /// An applied object in its normal form, with its defaults.
  private static Struct complete(Way way, Struct applied) {
    try {
      Struct normal = schema(way).normalize(applied);
      return way.foreign() == null ? Defaults.apply(way.endpoint().served(), normal) : normal;
    } catch (DecodingException e) {
      throw ApiException.of(
          Reason.UNKNOWN,
          "failed to convert new typed object ("
              + named(way, applied)
              + ") to object: "
              + e.getMessage());
    }
  }

  private static Schema schema(Way way) {
    Resource.Subresource foreign = way.foreign();
    if (foreign == null) {
      return way.endpoint().served().schema();
    }
    Type type = TypeTable.BUILT_IN.ofKind(foreign.groupVersion(), foreign.kind());
    if (type == null) {
      throw new IllegalStateException("no type of " + foreign.kind());
    }
    return type;
  }

  private FieldManager manager(Way way) {
    FieldForm own =
        new FieldForm(
            way.groupVersion().toString(),
            schema(way).merging(),
            way.foreign() == null
                ? OwnedFields.of(way.endpoint().served(), way.subresource())
                : UnaryOperator.identity(),
            UnaryOperator.identity(),
            UnaryOperator.identity());
    return new FieldManager(
        own,
        apiVersion ->
            apiVersion.equals(own.apiVersion())
                ? own
                : way.foreign() == null ? form(way, apiVersion) : null,
        way.subresource());
  }

  /// The form of the resource in another version.
  private @Nullable FieldForm form(Way way, String apiVersion) {
    Endpoint own = way.endpoint();
    Endpoint other = endpoints.apply(GroupVersion.parse(apiVersion), own.served().plural());
    if (other == null || !other.registry().sharesObjectsWith(own.registry())) {
      return null;
    }
    return new FieldForm(
        apiVersion,
        other.served().schema().merging(),
        OwnedFields.of(other.served(), way.subresource()),
        object -> converted(object, own, other),
        object -> converted(object, other, own));
  }

  /// An object of one version in another one; which state it is stays known.
  private static Struct converted(Struct object, Endpoint from, Endpoint to) {
    Struct held = to.registry().form(from.conversion().toStored(object), from.registry());
    Struct converted = to.conversion().toServed(held);
    Object version = object.get("metadata", "resourceVersion");
    return version == null ? converted : converted.withAt(version, "metadata", "resourceVersion");
  }

  private String now() {
    return Timestamps.seconds(world.now());
  }
}
