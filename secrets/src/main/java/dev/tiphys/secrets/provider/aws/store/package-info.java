/// What AWS's stores of secrets have in common: values that are JSON, and tags that tell whose a
/// secret is.
package dev.tiphys.secrets.provider.aws.store;
