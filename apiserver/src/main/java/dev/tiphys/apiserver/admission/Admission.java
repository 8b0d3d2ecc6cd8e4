package dev.tiphys.apiserver.admission;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A plugin that looks at every write before it happens, or a chain of them.
///
/// | Operation | object | old |
/// |---|---|---|
/// | `CREATE` | what is to be made: of a subresource what was sent, such as a `Binding` | null |
/// | `UPDATE` | the next state: of a subresource with a kind of its own in that, such as a `Scale` | the present state |
/// | `DELETE` | empty | the present state, once per object of a collection |
/// | `CONNECT` | the options of the connection, such as `PodExecOptions` | null |
///
/// Objects are in the version that is stored. A plugin refuses by throwing an
/// [dev.tiphys.object.api.ApiException].
///
/// Threads: any.
public interface Admission {

  /// Lets everything pass as it is.
  Admission NONE = new Admission() {};

  /// What is about to happen.
  enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
  }

  /// What is about to happen to which object.
  ///
  /// @param call in whose name
  /// @param operation what
  /// @param resource the resource, in the version that is stored
  /// @param subresource what of the object is written; empty for the object itself
  /// @param namespace its namespace; empty for objects of the whole cluster
  /// @param name its name; empty if the server has yet to give it one
  /// @param reinvocation whether plugins have to look at it again
  record Request(
      Call call,
      Operation operation,
      Resource resource,
      String subresource,
      String namespace,
      String name,
      Reinvocation reinvocation) {

    /// A request that no plugin has looked at yet.
    public Request(
        Call call,
        Operation operation,
        Resource resource,
        String subresource,
        String namespace,
        String name) {
      this(call, operation, resource, subresource, namespace, name, new Reinvocation());
    }

    /// The resource in the version that the client speaks.
    public Resource served() {
      Resource asked = call.served();
      return asked != null && asked.isStoredAs(resource) ? asked : resource;
    }

    /// A refusal in upstream's words, which name an object that has no name yet by the beginning of
    /// the one that it will be given.
    ///
    /// @param object what is refused
    public ApiException forbidden(Struct object, String cause) {
      String given = object.string("metadata", "name");
      String named = given.isEmpty() ? object.string("metadata", "generateName") : given;
      return ApiException.forbidden(
          resource.groupResource(), named.isEmpty() ? name : named, cause);
    }

    /// Whether it is about a resource itself, by its group and name.
    public boolean isOn(String group, String plural) {
      return isOn(group, plural, "");
    }

    /// Whether it is about a subresource of a resource.
    public boolean isOn(String group, String plural, String part) {
      return subresource.equals(part)
          && resource.plural().equals(plural)
          && resource.group().equals(group);
    }
  }

  /// The object as it is to be written. May be called several times for one request, as the state
  /// that is changed moves on, or as other plugins change the object. What it returns of a deletion
  /// or a connection is not looked at.
  ///
  /// @param old the present state; null for a new object
  default Struct mutate(Request request, Struct object, @Nullable Struct old) {
    return object;
  }

  /// Refuses what must not be written, deleted or connected to. Called last, with the object as it
  /// would be stored.
  ///
  /// @param old the present state; null for a new object
  default void validate(Request request, Struct object, @Nullable Struct old) {}

  /// Lets plugins look at what is asked for, where no state of an object is written for it.
  ///
  /// @return the object as they leave it
  default Struct admit(Request request, Struct object, @Nullable Struct old) {
    Struct admitted = mutate(request, object, old);
    validate(request, admitted, old);
    return admitted;
  }

  /// The plugins one after the other.
  static Admission chain(List<Admission> plugins) {
    List<Admission> all = List.copyOf(plugins);
    return new Admission() {
      @Override
      public Struct mutate(Request request, Struct object, @Nullable Struct old) {
        Struct admitted = object;
        for (Admission plugin : all) {
          admitted = plugin.mutate(request, admitted, old);
        }
        return admitted;
      }

      @Override
      public void validate(Request request, Struct object, @Nullable Struct old) {
        for (Admission plugin : all) {
          plugin.validate(request, object, old);
        }
      }
    };
  }
}
