/// What namespaces use of their quotas, counted anew when objects go, and now and then.
package dev.tiphys.controllers.quota;
