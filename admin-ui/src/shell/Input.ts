// By themselves: antd's Input brings one-time passwords, searches and groups along.
export { default as Input } from 'antd/es/input/Input';
export { default as TextArea } from 'antd/es/input/TextArea';
