package graph

import (
	"errors"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// exactVariables returns the values of an operation's declared variables, coerced as the GraphQL specification demands.
// gqlparser's own coercion, which follows, is laxer: it accepts enum values in any case and strings for numbers. Errors of
// the document itself, such as unknown types, are left to validation.
func exactVariables(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, *gqlerror.Error) {
	coerced := make(map[string]any, len(given))
	for _, declared := range operation.VariableDefinitions {
		name := declared.Variable
		if definition := schema.Types[declared.Type.Name()]; definition == nil || !definition.IsInputType() {
			continue
		}
		c := coercion{schema: schema, path: ast.Path{variablePath, ast.PathName(name)}}
		value, present := given[name]
		switch {
		case !present && declared.Type.NonNull && declared.DefaultValue == nil:
			return nil, c.refuse("缺少此变量的值。", "must be given.")
		case !present:
			continue // default values are validated with the document
		}
		var err *gqlerror.Error
		if coerced[name], err = c.value(declared.Type, value); err != nil {
			return nil, err
		}
	}
	return coerced, nil
}

// coercion coerces one variable.
type coercion struct {
	schema *ast.Schema
	path   ast.Path // of the current value
}

func (c coercion) at(element ast.PathElement) coercion {
	c.path = append(c.path[:len(c.path):len(c.path)], element)
	return c
}

// refuse returns an error about the value. The path is shortened, because it contains names of the client's choice.
func (c coercion) refuse(zh, en string) *gqlerror.Error {
	place := "$" + shortened(c.path[1:].String())
	err := aboutDocument(badRequest(place+"："+zh, place+": "+en))
	err.Path = c.path
	return err
}

func (c coercion) value(declared *ast.Type, value any) (any, *gqlerror.Error) {
	switch {
	case value == nil && declared.NonNull:
		return nil, c.refuse("不能为 null。", "must not be null.")
	case value == nil:
		return nil, nil
	case declared.Elem != nil:
		return c.list(declared.Elem, value)
	}
	switch definition := c.schema.Types[declared.NamedType]; definition.Kind {
	case ast.Enum:
		return c.enum(definition, value)
	case ast.InputObject:
		return c.object(definition, value)
	default:
		return c.scalar(definition, value)
	}
}

// list coerces each item; any other value is coerced as a list of one.
func (c coercion) list(item *ast.Type, value any) (any, *gqlerror.Error) {
	items, isList := value.([]any)
	if !isList {
		only, err := c.value(item, value)
		return []any{only}, err
	}
	coerced := make([]any, len(items))
	for i := range items {
		var err *gqlerror.Error
		if coerced[i], err = c.at(ast.PathIndex(i)).value(item, items[i]); err != nil {
			return nil, err
		}
	}
	return coerced, nil
}

func (c coercion) enum(definition *ast.Definition, value any) (any, *gqlerror.Error) {
	if text, isText := value.(string); isText && definition.EnumValues.ForName(text) != nil {
		return text, nil
	}
	return nil, c.refuse("须为枚举 "+definition.Name+" 的值，大小写须一致。",
		"must be a value of the enum "+definition.Name+", exactly as the schema writes it.")
}

// object coerces the given fields. The executor fills in default values.
func (c coercion) object(definition *ast.Definition, value any) (any, *gqlerror.Error) {
	given, isObject := value.(map[string]any)
	if !isObject {
		return nil, c.refuse("须为对象（"+definition.Name+"）。", "must be an object ("+definition.Name+").")
	}
	for name := range given {
		if definition.Fields.ForName(name) == nil {
			return nil, c.at(ast.PathName(name)).refuse(definition.Name+" 没有此字段。", "there is no such field in "+definition.Name+".")
		}
	}
	coerced := make(map[string]any, len(given))
	for _, field := range definition.Fields {
		c := c.at(ast.PathName(field.Name))
		fieldValue, present := given[field.Name]
		switch {
		case !present && field.Type.NonNull && field.DefaultValue == nil:
			return nil, c.refuse("缺少此字段的值。", "must be given.")
		case !present:
			continue
		}
		var err *gqlerror.Error
		if coerced[field.Name], err = c.value(field.Type, fieldValue); err != nil {
			return nil, err
		}
	}
	return coerced, nil
}

// scalar coerces the built-in scalars. Custom scalars are checked and stay strings, which resolvers' types parse.
func (c coercion) scalar(definition *ast.Definition, value any) (any, *gqlerror.Error) {
	var coerced any
	var err error
	switch definition.Name {
	case "Int":
		coerced, err = model.UnmarshalInt(value)
	case "Float":
		coerced, err = model.UnmarshalFloat(value)
	case "Boolean":
		coerced, err = model.UnmarshalBoolean(value)
	case "ID":
		coerced, err = model.UnmarshalID(value)
	case "Time":
		coerced = value
		_, err = model.UnmarshalTime(value)
	default:
		coerced, err = model.UnmarshalString(value)
	}
	if unfit, refused := errors.AsType[*cloudtag.Error](err); refused {
		return nil, c.refuse(unfit.Message.ZH, unfit.Message.EN)
	}
	return coerced, nil
}

// refuseNulls refuses null for a variable that is used in a non-null position, where GraphQL allows a nullable variable with
// a default value. gqlgen would turn such a null into a zero value or a panic.
func refuseNulls(operation *graphql.OperationContext) *gqlerror.Error {
	if !anyNull(operation.Variables) {
		return nil
	}
	var refused *gqlerror.Error
	eachUse(operation.Doc, operation.Operation, func(variable *ast.Value, at ast.Path) bool {
		value, given := operation.Variables[variable.Raw]
		if !given || value != nil || variable.ExpectedType == nil || !variable.ExpectedType.NonNull {
			return true
		}
		refused = coercion{path: ast.Path{variablePath, ast.PathName(variable.Raw)}}.refuse("此处不能为 null。", "must not be null where it is used.")
		refused.Path = append(ast.Path{variablePath}, at...)
		return false
	})
	return refused
}

func anyNull(values map[string]any) bool {
	for _, value := range values {
		if value == nil {
			return true
		}
	}
	return false
}

// placeOf returns the path of the first argument that uses a variable, to report the variable's error at that argument; the
// variable itself if it is unused.
func placeOf(document *ast.QueryDocument, operation *ast.OperationDefinition, variable string) ast.Path {
	place := ast.Path{ast.PathName(variable)}
	eachUse(document, operation, func(used *ast.Value, at ast.Path) bool {
		if used.Raw != variable {
			return true
		}
		place = at
		return false
	})
	return place
}
