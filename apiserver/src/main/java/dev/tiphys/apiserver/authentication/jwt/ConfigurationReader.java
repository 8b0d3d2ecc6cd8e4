package dev.tiphys.apiserver.authentication.jwt;

import dev.tiphys.apiserver.authentication.Anonymous;
import dev.tiphys.apiserver.authentication.jwt.JwtSettings.Mapping;
import dev.tiphys.apiserver.authentication.jwt.JwtSettings.Rule;
import dev.tiphys.cel.CompileException;
import dev.tiphys.cel.Type;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.Pem;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads an AuthenticationConfiguration and says what is wrong with it, in upstream's words.
final class ConfigurationReader {

  private static final String GROUP = "apiserver.config.k8s.io/";
  private static final Set<String> VERSIONS = Set.of("v1", "v1beta1", "v1alpha1");
  private static final String BOTH = "claim and expression can't both be set";
  private static final int MOST = 64;
  private static final Pattern EMAIL = Pattern.compile("\\bclaims\\s*\\.\\s*\\??email\\b");
  private static final Pattern VERIFIED =
      Pattern.compile("\\bclaims\\s*\\.\\s*\\??email_verified\\b");
  private static final Pattern KEY =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/\\S+");

  private final FieldErrors errors = new FieldErrors();
  private final List<String> own;

  private ConfigurationReader(List<String> own) {
    this.own = own;
  }

  /// @throws IllegalArgumentException if it can't be used; the message says why
  static AuthenticationConfiguration read(Struct tree, List<String> own) {
    String version = tree.string("apiVersion");
    if (!version.startsWith(GROUP)
        || !VERSIONS.contains(version.substring(GROUP.length()))
        || !tree.string("kind").equals("AuthenticationConfiguration")) {
      throw new IllegalArgumentException(
          "no kind "
              + GoText.quoted(tree.string("kind"))
              + " is registered for version "
              + GoText.quoted(version));
    }
    ConfigurationReader reader = new ConfigurationReader(own);
    FieldValue top = FieldValue.top(reader.errors, tree);
    List<JwtSettings> issuers = reader.issuers(top.at("jwt"));
    Anonymous anonymous = reader.anonymous(top.at("anonymous"));
    if (!reader.errors.isEmpty()) {
      throw new IllegalArgumentException(reader.errors.message());
    }
    return new AuthenticationConfiguration(issuers, anonymous);
  }

  private Anonymous anonymous(FieldValue anonymous) {
    if (!anonymous.isSet()) {
      return Anonymous.EVERYWHERE;
    }
    List<FieldValue> conditions = anonymous.at("conditions").items();
    if (!anonymous.at("enabled").bool()) {
      if (!conditions.isEmpty()) {
        anonymous
            .at("conditions")
            .invalid("enabled should be set to true when conditions are defined");
      }
      return Anonymous.NOWHERE;
    }
    return conditions.isEmpty()
        ? Anonymous.EVERYWHERE
        : new Anonymous(
            false,
            conditions.stream().map(each -> each.at("path").string()).collect(Collectors.toSet()));
  }

  private List<JwtSettings> issuers(FieldValue jwt) {
    List<FieldValue> items = jwt.items();
    if (items.size() > MOST) {
      jwt.invalid(items.size(), "must have at most 64 items");
      return List.of();
    }
    List<JwtSettings> issuers = new ArrayList<>();
    Set<String> urls = new HashSet<>();
    Set<String> discoveries = new HashSet<>();
    for (FieldValue item : items) {
      issuers.add(issuer(item));
      FieldValue issuer = item.at("issuer");
      if (!urls.add(issuer.at("url").string())) {
        issuer.at("url").duplicate();
      }
      FieldValue discovery = issuer.at("discoveryURL");
      if (!discovery.string().isEmpty() && !discoveries.add(discovery.string())) {
        discovery.duplicate();
      }
    }
    return issuers;
  }

  private JwtSettings issuer(FieldValue jwt) {
    FieldValue issuer = jwt.at("issuer");
    checkIssuer(issuer);
    List<Rule> rules = claimRules(jwt.at("claimValidationRules"));
    FieldValue mappings = jwt.at("claimMappings");
    Mapping username = mapping(mappings.at("username"), true);
    Mapping groups = mapping(mappings.at("groups"), false);
    Mapping uid = uid(mappings.at("uid"));
    Map<String, Expression> extra = extra(mappings.at("extra"));
    checkEmail(mappings.at("username"), username, extra, rules);
    return new JwtSettings(
        issuer.at("url").string(),
        issuer.at("discoveryURL").string(),
        issuer.at("certificateAuthority").string(),
        issuer.at("audiences").items().stream().map(FieldValue::string).toList(),
        JwtSettings.ALL_ALGORITHMS,
        rules,
        username,
        groups,
        uid,
        extra,
        userRules(jwt.at("userValidationRules")));
  }

  private void checkIssuer(FieldValue issuer) {
    FieldValue url = issuer.at("url");
    if (url.string().isEmpty()) {
      url.required();
    } else {
      if (own.contains(url.string())) {
        url.invalid(
            "URL must not overlap with disallowed issuers: [" + String.join(" ", own) + "]");
      }
      checkUrl(url);
    }
    FieldValue discovery = issuer.at("discoveryURL");
    if (!discovery.string().isEmpty()) {
      if (trimmed(url.string()).equals(trimmed(discovery.string()))) {
        discovery.invalid("discoveryURL must be different from URL");
      }
      checkUrl(discovery);
    }
    checkAudiences(issuer);
    FieldValue authority = issuer.at("certificateAuthority");
    if (!authority.string().isEmpty()) {
      try {
        Pem.certificates(authority.string());
      } catch (IllegalArgumentException e) {
        authority.invalid("<omitted>", "data does not contain any valid RSA or ECDSA certificates");
      }
    }
  }

  private static String trimmed(String url) {
    return url.replaceAll("/+$", "");
  }

  private static void checkUrl(FieldValue url) {
    URI parsed;
    try {
      parsed = new URI(url.string());
    } catch (URISyntaxException e) {
      url.invalid("parse " + GoText.quoted(url.string()) + ": " + e.getReason());
      return;
    }
    if (!"https".equals(parsed.getScheme())) {
      url.invalid("URL scheme must be https");
    }
    if (parsed.getRawUserInfo() != null) {
      url.invalid("URL must not contain a username or password");
    }
    if (parsed.getRawQuery() != null && !parsed.getRawQuery().isEmpty()) {
      url.invalid("URL must not contain a query");
    }
    if (parsed.getRawFragment() != null && !parsed.getRawFragment().isEmpty()) {
      url.invalid("URL must not contain a fragment");
    }
  }

  private static void checkAudiences(FieldValue issuer) {
    FieldValue audiences = issuer.at("audiences");
    List<FieldValue> items = audiences.items();
    if (items.isEmpty()) {
      audiences.required("at least one " + audiences.path() + " is required");
      return;
    }
    Set<String> seen = new HashSet<>();
    for (FieldValue item : items) {
      if (item.string().isEmpty()) {
        item.required();
      }
      if (!seen.add(item.string())) {
        item.duplicate();
      }
    }
    FieldValue policy = issuer.at("audienceMatchPolicy");
    boolean any = policy.is("MatchAny");
    if (items.size() > 1 && !any) {
      policy.invalid(
          policy.string(), "audienceMatchPolicy must be MatchAny for multiple audiences");
    } else if (items.size() == 1 && !any && !policy.string().isEmpty()) {
      policy.invalid("audienceMatchPolicy must be empty or MatchAny for single audience");
    }
  }

  private static List<Rule> claimRules(FieldValue rules) {
    List<Rule> read = new ArrayList<>();
    Set<String> claims = new HashSet<>();
    Set<String> expressions = new HashSet<>();
    for (FieldValue rule : rules.items()) {
      FieldValue claim = rule.at("claim");
      FieldValue expression = rule.at("expression");
      if (!claim.string().isEmpty() && !expression.string().isEmpty()) {
        rule.invalid(claim.string(), BOTH);
      } else if (claim.string().isEmpty() && expression.string().isEmpty()) {
        rule.required("claim or expression is required");
      } else if (!claim.string().isEmpty()) {
        if (!rule.at("message").string().isEmpty()) {
          rule.at("message").invalid("may not be specified when claim is set");
        }
        if (!claims.add(claim.string())) {
          claim.duplicate();
        }
        read.add(new Rule.Claim(claim.string(), rule.at("requiredValue").string()));
      } else {
        if (!rule.at("requiredValue").string().isEmpty()) {
          rule.at("requiredValue").invalid("may not be specified when expression is set");
        }
        condition(rule, expressions, false, read);
      }
    }
    return read;
  }

  private static List<Rule> userRules(FieldValue rules) {
    List<Rule> read = new ArrayList<>();
    Set<String> expressions = new HashSet<>();
    for (FieldValue rule : rules.items()) {
      if (rule.at("expression").string().isEmpty()) {
        rule.at("expression").required();
      } else {
        condition(rule, expressions, true, read);
      }
    }
    return read;
  }

  private static void condition(
      FieldValue rule, Set<String> seen, boolean ofUser, List<Rule> read) {
    FieldValue expression = rule.at("expression");
    if (!seen.add(expression.string())) {
      expression.duplicate();
      return;
    }
    Expression compiled = compiled(expression, ofUser);
    if (compiled == null) {
      return;
    }
    Type type = compiled.program().type();
    if (type != Type.BOOL && type != Type.DYN) {
      expression.invalid("compilation failed: must evaluate to bool");
      return;
    }
    read.add(new Rule.Condition(compiled, rule.at("message").string()));
  }

  private static @Nullable Expression compiled(FieldValue expression, boolean ofUser) {
    try {
      return ofUser
          ? Expression.overUser(expression.string())
          : Expression.overClaims(expression.string());
    } catch (CompileException e) {
      expression.invalid("compilation failed: " + e.getMessage());
      return null;
    }
  }

  private static Mapping mapping(FieldValue mapping, boolean required) {
    FieldValue claim = mapping.at("claim");
    FieldValue expression = mapping.at("expression");
    FieldValue prefix = mapping.at("prefix");
    if (!claim.string().isEmpty() && !expression.string().isEmpty()) {
      mapping.invalid("", BOTH);
    } else if (!expression.string().isEmpty()) {
      if (prefix.isSet()) {
        prefix.invalid("may not be specified when expression is set");
      }
      Expression compiled = compiled(expression, false);
      return compiled == null ? Mapping.NOTHING : new Mapping.Computed(compiled);
    } else if (!claim.string().isEmpty()) {
      if (!prefix.isSet()) {
        prefix.required(
            "prefix is required when claim is set. It can be set to an empty string to disable prefixing");
      }
      return new Mapping.Claim(claim.string(), prefix.string());
    } else if (required) {
      mapping.required("claim or expression is required");
    }
    return Mapping.NOTHING;
  }

  private static Mapping uid(FieldValue uid) {
    FieldValue claim = uid.at("claim");
    FieldValue expression = uid.at("expression");
    if (!claim.string().isEmpty() && !expression.string().isEmpty()) {
      uid.invalid("", BOTH);
    } else if (!expression.string().isEmpty()) {
      Expression compiled = compiled(expression, false);
      return compiled == null ? Mapping.NOTHING : new Mapping.Computed(compiled);
    } else if (!claim.string().isEmpty()) {
      return new Mapping.Claim(claim.string(), "");
    }
    return Mapping.NOTHING;
  }

  private static Map<String, Expression> extra(FieldValue extra) {
    Map<String, Expression> read = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (FieldValue item : extra.items()) {
      FieldValue key = item.at("key");
      checkKey(key);
      if (!seen.add(key.string())) {
        key.duplicate();
        continue;
      }
      FieldValue expression = item.at("valueExpression");
      if (expression.string().isEmpty()) {
        expression.required();
        continue;
      }
      Expression compiled = compiled(expression, false);
      if (compiled != null) {
        read.put(key.string(), compiled);
      }
    }
    return read;
  }

  private static void checkKey(FieldValue key) {
    if (key.string().isEmpty()) {
      key.required();
      return;
    }
    if (!KEY.matcher(key.string().toLowerCase(Locale.ROOT)).matches()) {
      key.invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
    }
    if (!key.string().equals(key.string().toLowerCase(Locale.ROOT))) {
      key.invalid("must be lowercase");
    }
    String domain = "." + key.string().split("/", 2)[0];
    if (domain.endsWith(".k8s.io") || domain.endsWith(".kubernetes.io")) {
      key.invalid("k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use");
    }
  }

  /// An address may make a name only where it is looked at whether the issuer has verified it.
  private static void checkEmail(
      FieldValue field, Mapping username, Map<String, Expression> extra, List<Rule> rules) {
    if (!(username instanceof Mapping.Computed(Expression name))
        || !EMAIL.matcher(name.text()).find()) {
      return;
    }
    List<String> texts = new ArrayList<>(List.of(name.text()));
    extra.values().forEach(each -> texts.add(each.text()));
    for (Rule rule : rules) {
      if (rule instanceof Rule.Condition(Expression expression, String _)) {
        texts.add(expression.text());
      }
    }
    if (texts.stream().noneMatch(text -> VERIFIED.matcher(text).find())) {
      field
          .at("expression")
          .invalid(
              "claims.email_verified must be used in claimMappings.username.expression or"
                  + " claimMappings.extra[*].valueExpression or claimValidationRules[*].expression"
                  + " when claims.email is used in claimMappings.username.expression");
    }
  }
}
