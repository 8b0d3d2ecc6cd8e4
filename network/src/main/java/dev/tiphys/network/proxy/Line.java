package dev.tiphys.network.proxy;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.Rule;
import dev.tiphys.network.nftables.Type;
import dev.tiphys.network.nftables.Verdict;
import java.util.ArrayList;
import java.util.List;

/// A rule in the chain of a Service, as the plan has it. Two that are equal do the same.
sealed interface Line {

  /// The bit of a packet's mark by which it will leave under the node's address.
  int MASQUERADE = 0x4000;

  /// The rule for packets of a family.
  Rule rule(Family family);

  /// Sends connections to one of several endpoints, each as likely as the others.
  record Balance(List<Target> targets) implements Line {
    @Override
    public Rule rule(Family family) {
      return choose(Rule.of(family), family, targets, 0).sendTo(0, family.registers());
    }
  }

  /// Sends connections of a client that is known to the endpoint that it was sent to, if that is
  /// still one of these.
  ///
  /// @param memory the map that knows
  record Stick(String memory, List<Target> targets) implements Line {
    @Override
    public Rule rule(Family family) {
      int value = family.registers();
      return Rule.of(family)
          .source(0)
          .map(memory, 0, value)
          .inUnnamed(target(family), false, targets.stream().map(Line::member).toList(), value)
          .remember(memory, 0, value)
          .sendTo(value, value + family.registers());
    }
  }

  /// Sends connections to one of several endpoints, and remembers for the client to which.
  record BalanceAndRemember(String memory, List<Target> targets) implements Line {
    @Override
    public Rule rule(Family family) {
      int value = family.registers();
      return choose(Rule.of(family), family, targets, value)
          .source(0)
          .forget(memory, 0, value)
          .remember(memory, 0, value)
          .sendTo(value, value + family.registers());
    }
  }

  /// Goes on in another chain.
  record GoTo(String chain) implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family).then(Verdict.goTo(chain));
    }
  }

  /// Lets connections leave under the node's address, so that answers come back by it.
  record Mark() implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family).setMark(MASQUERADE);
    }
  }

  /// Goes on in another chain with what comes from certain addresses.
  record From(Prefix sources, String chain) implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family)
          .source(0)
          .inPrefix(0, sources.first(), sources.bits(), true)
          .then(Verdict.goTo(chain));
    }
  }

  /// Lets what comes from the node itself leave under the node's address; and goes on with it in
  /// another chain.
  record FromNode(String chain) implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family).fromThisMachine(true).setMark(MASQUERADE).then(Verdict.goTo(chain));
    }
  }

  /// Lets pass what comes from certain addresses.
  record Allow(Prefix sources) implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family)
          .source(0)
          .inPrefix(0, sources.first(), sources.bits(), true)
          .then(Verdict.RETURN);
    }
  }

  /// Drops what comes here.
  record Drop() implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family).then(Verdict.DROP);
    }
  }

  private static Type target(Family family) {
    return Type.of(Type.address(family), Type.PORT);
  }

  private static Key key(Target target) {
    return Key.of(target.address()).port(target.port());
  }

  private static Element member(Target target) {
    return Element.of(key(target));
  }

  /// Loads one of several endpoints.
  private static Rule choose(Rule rule, Family family, List<Target> targets, int into) {
    if (targets.size() == 1) {
      Target only = targets.getFirst();
      return rule.load(Key.of(only.address()), into)
          .loadPort(only.port(), into + family.registers());
    }
    List<Element> numbered = new ArrayList<>();
    for (Target target : targets) {
      numbered.add(Element.to(Key.ofNumber(numbered.size()), key(target)));
    }
    return rule.random(targets.size(), into)
        .mapUnnamed(Type.MARK, target(family), numbered, into, into);
  }
}
