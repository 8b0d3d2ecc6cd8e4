package dev.tiphys.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.admission.Admission.Request;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OfWritesTest {

  private static final Resource PODS =
      ResourceTable.builtIn().stream()
          .filter(each -> each.groupResource().equals("pods"))
          .findFirst()
          .orElseThrow();

  private static final Admission ADDING =
      new Admission() {
        @Override
        public Struct mutate(Request request, Struct object, @Nullable Struct old) {
          if (request.name().equals("refused")) {
            throw ApiException.forbidden("pods", "refused", "no");
          }
          return object.with("added", true);
        }
      };

  private static Request request(Operation operation, String name) {
    Call call = new Call(UserInfo.of("ann"), "test", 0, false);
    return new Request(call, operation, PODS, "", "default", name);
  }

  private static Struct mutated(Operation operation, String name) {
    return new OfWrites(ADDING).mutate(request(operation, name), Struct.EMPTY, null);
  }

  @Test
  void deletionsHaveNothingToChange() {
    assertThat(mutated(Operation.CREATE, "p").bool("added")).isTrue();
    assertThat(mutated(Operation.UPDATE, "p").bool("added")).isTrue();
    assertThat(mutated(Operation.DELETE, "p")).isEqualTo(Struct.EMPTY);
    assertThat(mutated(Operation.CONNECT, "p")).isEqualTo(Struct.EMPTY);
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void butAllCanBeRefused(Operation operation) {
    assertThatThrownBy(() -> mutated(operation, "refused")).isInstanceOf(ApiException.class);
  }
}
