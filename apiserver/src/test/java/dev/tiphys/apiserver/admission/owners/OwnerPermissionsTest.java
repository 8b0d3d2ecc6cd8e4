package dev.tiphys.apiserver.admission.owners;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.admission.Admission.Request;
import dev.tiphys.apiserver.authorization.Attributes.Subject.OfResource;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnerPermissionsTest {

  private static final Resource CONFIG_MAPS =
      ResourceTable.builtIn().stream()
          .filter(each -> each.groupResource().equals("configmaps"))
          .findFirst()
          .orElseThrow();

  /// What a user with one right is told.
  private static String problem(String right, Operation operation, String owners, String before) {
    Authorizer authorizer =
        attributes -> {
          OfResource subject = (OfResource) attributes.subject();
          String asked = attributes.verb() + " " + subject.resource() + " " + subject.name();
          return asked.equals(right) ? Decision.allow("") : Decision.noOpinion("no");
        };
    Request request =
        new Request(
            new Call(UserInfo.of("me"), "me", 0, false), operation, CONFIG_MAPS, "", "a", "m");
    Struct old = operation == Operation.CREATE ? null : object(before);
    try {
      new OwnerPermissions(authorizer, ResourceTable::builtIn)
          .validate(request, object(owners), old);
      return "";
    } catch (ApiException e) {
      return e.message();
    }
  }

  private static Struct object(String owners) {
    return Yaml.struct("{metadata: {name: m, namespace: a, ownerReferences: [" + owners + "]}}");
  }

  private static final String OWNER =
      "{apiVersion: apps/v1, kind: Deployment, name: d, uid: u, blockOwnerDeletion: %s}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing | CREATE | false | ''",
        "nothing | CREATE | true | cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: no, <nil>",
        "update deployments/finalizers d | CREATE | true | ''",
        "update */finalizers * | CREATE | true | ''",
        "nothing | UPDATE | false | cannot set an ownerRef on a resource you can't delete: no, <nil>",
        "delete configmaps m | UPDATE | false | ''",
        "delete configmaps m | UPDATE | true | cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: no, <nil>"
      })
  void ownersAreGivenByUsersWhoMay(
      String right, Operation operation, boolean blocks, String problem) {
    String expected = problem.isEmpty() ? "" : "configmaps \"m\" is forbidden: " + problem;

    assertThat(problem(right, operation, OWNER.formatted(blocks), "")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void whatStaysNeedsNoRight(boolean blocks) {
    String owner = OWNER.formatted(blocks);

    assertThat(problem("nothing", Operation.UPDATE, owner, owner)).isEmpty();
  }
}
