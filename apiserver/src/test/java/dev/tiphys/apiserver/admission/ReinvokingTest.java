package dev.tiphys.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.admission.Admission.Request;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What one plugin adds is seen by those before it, once.
class ReinvokingTest {

  private static final Resource PODS =
      ResourceTable.builtIn().stream()
          .filter(each -> each.groupResource().equals("pods"))
          .findFirst()
          .orElseThrow();

  private final List<Struct> seen = new ArrayList<>();

  private final Admission first =
      new Admission() {
        @Override
        public Struct mutate(Request request, Struct object, @Nullable Struct old) {
          seen.add(object);
          return object;
        }
      };

  private static Admission adding(boolean wants) {
    return new Admission() {
      @Override
      public Struct mutate(Request request, Struct object, @Nullable Struct old) {
        if (wants) {
          request.reinvocation().want();
        }
        return object.with("added", object.integer("added") + 1);
      }
    };
  }

  private Struct mutated(Admission last) {
    Call call = new Call(UserInfo.of("ann"), "test", 0, false);
    Request request = new Request(call, Operation.CREATE, PODS, "", "default", "p");
    return new Reinvoking(Admission.chain(List.of(first, last)))
        .mutate(request, Struct.EMPTY, null);
  }

  @Test
  void allPluginsLookAgainOnceIfOneWantsIt() {
    assertThat(mutated(adding(true)).integer("added")).isEqualTo(2);
    assertThat(seen).containsExactly(Struct.EMPTY, Struct.of("added", 1L));
  }

  @Test
  void elseTheyLookOnce() {
    assertThat(mutated(adding(false)).integer("added")).isEqualTo(1);
    assertThat(seen).hasSize(1);
  }
}
