package dev.tiphys.apiserver.admission;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A plugin that looks at every write before it happens, or a chain of them.
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
  record Request(
      Call call,
      Operation operation,
      Resource resource,
      String subresource,
      String namespace,
      String name) {

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
  /// that is changed moves on.
  ///
  /// @param old the present state; null for a new object
  default Struct mutate(Request request, Struct object, @Nullable Struct old) {
    return object;
  }

  /// Refuses what must not be written. Called last, with the object as it would be stored.
  ///
  /// @param old the present state; null for a new object
  default void validate(Request request, Struct object, @Nullable Struct old) {}

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
