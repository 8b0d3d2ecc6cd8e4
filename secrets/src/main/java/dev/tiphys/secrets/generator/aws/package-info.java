/// Logins that AWS makes.
package dev.tiphys.secrets.generator.aws;
