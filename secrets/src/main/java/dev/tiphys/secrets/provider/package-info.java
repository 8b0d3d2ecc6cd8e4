/// What stores of any kind have in common. Each kind is a package below this one.
package dev.tiphys.secrets.provider;
