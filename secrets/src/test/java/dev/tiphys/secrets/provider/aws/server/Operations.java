package dev.tiphys.secrets.provider.aws.server;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The operations of a service, each of which knows its parameters and refuses all others.
abstract class Operations {

  private static final int PAGE = 2;

  private record Operation(Set<String> parameters, UnaryOperator<Struct> body) {}

  private final Map<String, Operation> operations = new HashMap<>();

  final void operation(String name, String parameters, UnaryOperator<Struct> body) {
    operations.put(name, new Operation(Set.of(parameters.split(" ", -1)), body));
  }

  final Struct call(String name, Struct parameters) {
    Operation operation = operations.get(name);
    if (operation == null) {
      throw new Refusal("UnknownOperationException", name);
    }
    for (String given : parameters.names()) {
      if (!operation.parameters.contains(given)) {
        throw new Refusal("SerializationException", "unknown parameter " + given);
      }
    }
    return operation.body.apply(parameters);
  }

  /// The part of a list that a request is for, and what the next request has to say.
  static Struct page(Struct request, String field, List<Struct> all) {
    String token = request.string("NextToken");
    if (!token.isEmpty() && !token.startsWith("page-")) {
      throw new Refusal("InvalidNextTokenException", "The NextToken value is invalid.");
    }
    int from = token.isEmpty() ? 0 : Integer.parseInt(token.substring("page-".length()));
    int to = Math.min(all.size(), from + PAGE);
    StructBuilder page = new StructBuilder().add(field, List.copyOf(all.subList(from, to)));
    return to < all.size() ? page.add("NextToken", "page-" + to).build() : page.build();
  }

  static List<Struct> list(Map<String, String> tags) {
    List<Struct> list = new ArrayList<>();
    tags.forEach((key, value) -> list.add(Struct.of("Key", key, "Value", value)));
    return list;
  }

  static void tag(Map<String, String> tags, List<Struct> more) {
    more.forEach(each -> tags.put(each.string("Key"), each.string("Value")));
  }
}
